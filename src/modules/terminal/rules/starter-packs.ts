import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import type { Page } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { STARTER_PACKS } from '../decision/index.js';
import type { AddedPackView, PackView } from './pack.dto.js';
import { RuleView } from './rule.dto.js';
import { type RuleOwner, RulesRepository } from './rules.repository.js';
import { RulesService } from './rules.service.js';

/** Sets of rules for what is harmless nearly everywhere, so that nobody begins with being asked about `git status`. */
@Injectable()
export class StarterPacks {
  constructor(
    private readonly repository: RulesRepository,
    private readonly rules: RulesService,
  ) {}

  all(): Page<PackView> {
    return {
      items: STARTER_PACKS.map(({ name, title, patterns }) => ({ name, title, patterns: [...patterns] })),
      nextCursor: null,
    };
  }

  /** @throws NotFound */
  @Transactional()
  async add(name: string, owner: RuleOwner, caller: Principal): Promise<AddedPackView> {
    const pack = STARTER_PACKS.find((one) => one.name === name);
    if (pack === undefined) throw new NotFound();
    const present = await this.repository.patternsOf(owner, 'allow');
    const wanted = pack.patterns.filter(({ pattern }) => !present.has(pattern));
    const rules = wanted.map((wish) => this.rules.ruleFrom({ ...wish, pack: name }, 'allow', owner, caller));
    await this.rules.addAll(rules);
    return {
      added: rules.map((rule) => RuleView.of(rule)),
      present: pack.patterns.length - wanted.length,
    };
  }
}
