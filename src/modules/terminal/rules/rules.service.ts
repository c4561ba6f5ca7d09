import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import type { GuardOptions } from '../decision/index.js';
import { patternKey } from './compiled.js';
import { type CreateRule, RuleView } from './rule.dto.js';
import { refusedField } from './rule.errors.js';
import { RuleCreated, type RuleDetail, RuleDeleted } from './rule.events.js';
import { requireExamplesHold } from './rule-examples.js';
import { mayHandle } from './rule-owner.js';
import { type RuleOwner, RulesRepository } from './rules.repository.js';
import type { RuleEffect, TerminalRule } from './terminal-rule.entity.js';

/** Whitelist and blocklist: who may run what without being asked, and what nobody may run. */
@Injectable()
export class RulesService {
  constructor(
    private readonly rules: RulesRepository,
    private readonly cursors: Cursors,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async page(query: PageQuery, effect: RuleEffect, owner: RuleOwner): Promise<Page<RuleView>> {
    const { limit, total } = query;
    const binding = bindingOf(`terminal-rules-${effect}`, owner.tenantId, owner);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rules = await this.rules.page(owner, effect, before, limit + 1);
    const page = this.cursors.page(
      rules,
      limit,
      binding,
      ({ id }) => [id],
      (rule) => RuleView.of(rule),
    );
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.rules.count(owner, effect, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async view(id: string, effect: RuleEffect, caller: Principal): Promise<RuleView> {
    return RuleView.of(await this.found(id, effect, caller));
  }

  /** @throws ValidationFailed for a pattern that says nothing and for examples that do not hold; BlockPatternTaken */
  @Transactional()
  async create(wish: CreateRule, effect: RuleEffect, owner: RuleOwner, caller: Principal): Promise<RuleView> {
    const rule = this.ruleFrom(wish, effect, owner, caller);
    requireExamplesHold(rule);
    await this.addAll([rule]);
    return RuleView.of(rule);
  }

  /** Inside the caller's transaction: the rules, a fact about each, and word to every process. */
  async addAll(rules: TerminalRule[]): Promise<void> {
    if (rules.length === 0) return;
    await this.rules.add(rules);
    for (const rule of rules) await this.announce(rule);
    await this.events.record(
      ...rules.map((rule) => new RuleCreated({ resourceId: rule.id, ...about(rule) })),
    );
  }

  /**
   * @param demanded the version that If-Match names, or null for any
   * @throws NotFound, VersionMismatch
   */
  @Transactional()
  async delete(id: string, effect: RuleEffect, demanded: number | null, caller: Principal): Promise<void> {
    const rule = await this.found(id, effect, caller);
    if (demanded !== null && demanded !== rule.version) throw new VersionMismatch(demanded, rule.version);
    if ((await this.rules.remove(caller, id)) === null) throw new NotFound();
    await this.announce(rule);
    await this.events.record(new RuleDeleted({ resourceId: id, ...about(rule) }));
  }

  ruleFrom(
    wish: CreateRule & { readonly pack?: string },
    effect: RuleEffect,
    owner: RuleOwner,
    caller: Principal,
  ): TerminalRule {
    const now = this.clock.now();
    const expiresAt = wish.expiresAt === undefined ? null : new Date(wish.expiresAt);
    if (expiresAt !== null && expiresAt <= now)
      throw refusedField('expiresAt', 'in_the_past', 'A rule ends in the future.');
    return {
      id: this.ids.next(),
      ...owner,
      effect,
      pattern: wish.pattern,
      patternKey: patternKey(wish.pattern, effect),
      options: optionsOf(wish),
      pins: (wish.pins ?? []).map(({ path, sha256 }) => ({ path, sha256 })),
      reason: wish.reason ?? null,
      match: wish.match ?? [],
      notMatch: wish.notMatch ?? [],
      pack: wish.pack ?? null,
      createdBy: caller.id,
      createdAt: now,
      expiresAt,
      version: 1,
    };
  }

  private async found(id: string, effect: RuleEffect, caller: Principal): Promise<TerminalRule> {
    const rule = await this.rules.byId(caller, effect, id);
    if (rule === null || !mayHandle(rule, caller)) throw new NotFound();
    return rule;
  }

  /** Rules of one principal concern that principal; all others may reach anybody. */
  private announce({ tenantId, ownerScope, ownerId }: TerminalRule): Promise<void> {
    const subject = ownerScope === 'user' && ownerId !== null ? ownerId : tenantId;
    return this.changes.announce('terminal', subject);
  }
}

/** Without what was not given: the class of the body has more to it than its fields. */
function optionsOf({ options }: CreateRule): GuardOptions {
  return {
    ...(options?.subcommands === undefined ? {} : { subcommands: options.subcommands }),
    ...(options?.arguments === undefined ? {} : { arguments: options.arguments }),
  };
}

function about(rule: TerminalRule): { detail: RuleDetail; departmentId?: string; gatewayId?: string } {
  const { effect, ownerScope, ownerId, pattern } = rule;
  return {
    detail: { effect, ownerScope, ownerId, pattern },
    ...(ownerScope === 'department' && ownerId !== null ? { departmentId: ownerId } : {}),
    ...(ownerScope === 'gateway' && ownerId !== null ? { gatewayId: ownerId } : {}),
  };
}
