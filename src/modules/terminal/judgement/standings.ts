import { Injectable } from '@nestjs/common';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { compiled } from '../rules/compiled.js';
import { RulesRepository } from '../rules/rules.repository.js';
import { OpenTrust } from '../trust/open-trust.js';
import type { Caller } from './caller.js';
import { type CallerFlags, CallersRepository } from './callers.repository.js';
import type { Standing } from './standing.js';

/** Each standing has its own copy of the rules that reach it, at about 2 kB each. */
const MOST_RULES = 250_000;

/** What this process knows about callers, until their flags, the rules that reach them, or their windows change. */
@Injectable()
export class Standings {
  private readonly known: TaggedCache<string, Standing>;

  constructor(
    feed: ChangeFeed,
    private readonly callers: CallersRepository,
    private readonly rules: RulesRepository,
    private readonly trust: OpenTrust,
    private readonly clock: Clock,
  ) {
    this.known = new TaggedCache(feed, {
      max: MOST_RULES,
      // What else there is to a standing weighs as much as some rules.
      weightOf: ({ sources }) => sources.length + 10,
      tagsOf: ({ caller }) => standingTags(caller),
    });
  }

  /** Without waiting; undefined when it is not known, or only was. */
  peek(caller: Caller, gatewayId: string | null): Standing | undefined {
    const standing = this.known.peek(keyOf(caller, gatewayId));
    return standing !== undefined && this.clock.nowMs() < standing.validUntilMs ? standing : undefined;
  }

  async get(caller: Caller, gatewayId: string | null): Promise<Standing> {
    const key = keyOf(caller, gatewayId);
    if (this.peek(caller, gatewayId) === undefined) this.known.forget(key);
    return this.known.get(key, () => this.now(caller, gatewayId));
  }

  /** As the transaction at hand sees it, never remembered: for what is about to run. */
  async now(caller: Caller, gatewayId: string | null): Promise<Standing> {
    const { kind, id, tenantId, delegatorId } = caller;
    const flags = await this.flagsOf(caller);
    const sources = await this.rules.reaching(tenantId, id, delegatorId, gatewayId);
    const windows = await this.trust.in(caller);
    const ends = [...sources, ...windows].map(({ expiresAt }) => expiresAt?.getTime() ?? Infinity);
    return {
      caller: { kind, id, tenantId, delegatorId },
      flags,
      sources,
      policy: compiled(sources),
      windows,
      validUntilMs: Math.min(Infinity, ...ends),
    };
  }

  private flagsOf({ kind, id, tenantId, delegatorId }: Caller): Promise<CallerFlags> {
    // An agent whose person is not known has nobody's rights.
    if (kind === 'agent') return this.callers.flagsOf(tenantId, 'user', delegatorId ?? id);
    return this.callers.flagsOf(tenantId, kind, id);
  }
}

/** Callers with the same key stand alike. */
export function keyOf({ kind, id, delegatorId }: Caller, gatewayId: string | null): string {
  return `${kind}:${id}:${delegatorId ?? ''}:${gatewayId ?? ''}`;
}

/** Changes by which what is known about a caller may end to be true. */
export function standingTags({ kind, id, tenantId, delegatorId }: Standing['caller']): string[] {
  const person = kind === 'agent' ? [`user:${delegatorId ?? id}`, `terminal:${delegatorId ?? id}`] : [];
  return [`${kind}:${id}`, `terminal:${id}`, `terminal:${tenantId}`, `settings:${tenantId}`, ...person];
}
