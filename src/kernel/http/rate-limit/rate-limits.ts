import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../operation/index.js';
import { RateLimited } from '../../problem/index.js';
import { Configuration, type RateSettings } from '../../runtime/index.js';
import { ratePrincipal, SettingsStore } from '../../settings/index.js';
import { BucketKeys } from './bucket-keys.js';
import { RateLimiter, type Verdict, WINDOW_MS } from './rate-limiter.js';

export type AddressPolicy = 'anonymous' | 'auth';
export type PrincipalPolicy = 'principal' | 'export';

/**
 * Who is counted how: a verified principal by itself, everybody else by address. The headers follow
 * draft-ietf-httpapi-ratelimit-headers: structured fields, one policy per answer.
 */
@Injectable()
export class RateLimits {
  private readonly limits: RateSettings;
  /** By tenant: what their setting was when it was last seen. */
  private readonly lastKnown = new Map<string, number | null>();
  private readonly fetching = new Set<string>();
  private readonly keys = new BucketKeys();

  constructor(
    configuration: Configuration,
    private readonly limiter: RateLimiter,
    private readonly settings: SettingsStore,
  ) {
    this.limits = configuration.rate;
  }

  /** @param network the address, or its /64. @returns nothing, or a promise when the count has to be asked for. */
  chargeAddress(network: string, policy: AddressPolicy, reply: FastifyReply): void | Promise<void> {
    const key = this.keys.ofAddress(policy, network);
    return charge(this.limiter.spend(key, this.limits[policy]), policy, reply);
  }

  /** Whether the next request of the address would be refused; counts nothing. */
  isExhausted(network: string, policy: AddressPolicy): boolean {
    return this.limiter.isExhausted(this.keys.ofAddress(policy, network), this.limits[policy]);
  }

  chargePrincipal(principal: Principal, policy: PrincipalPolicy, reply: FastifyReply): void | Promise<void> {
    const limit = policy === 'principal' ? this.limitOf(principal.tenantId) : this.limits.export;
    return charge(this.limiter.spend(this.keys.ofPrincipal(policy, principal), limit), policy, reply);
  }

  /** The setting when it is at hand; otherwise what it was last, while it is fetched. No request waits for it. */
  private limitOf(tenantId: string): number {
    const own = this.settings.peek(tenantId, ratePrincipal);
    if (own !== undefined) return this.remembered(tenantId, own) ?? this.limits.principal;
    this.fetch(tenantId);
    return this.lastKnown.get(tenantId) ?? this.limits.principal;
  }

  private fetch(tenantId: string): void {
    if (this.fetching.has(tenantId)) return;
    this.fetching.add(tenantId);
    this.settings
      .get(tenantId, ratePrincipal)
      .then((own) => void this.remembered(tenantId, own))
      .catch(() => undefined)
      .finally(() => this.fetching.delete(tenantId));
  }

  private remembered(tenantId: string, own: number | null): number | null {
    if (this.lastKnown.get(tenantId) !== own) this.lastKnown.set(tenantId, own);
    return own;
  }
}

function charge(
  verdict: Verdict | Promise<Verdict>,
  policy: string,
  reply: FastifyReply,
): void | Promise<void> {
  if (verdict instanceof Promise) return verdict.then((known) => judge(known, policy, reply));
  judge(verdict, policy, reply);
}

function judge(verdict: Verdict, policy: string, reply: FastifyReply): void {
  reply.header('ratelimit-policy', policyField(policy, verdict.limit));
  reply.header('ratelimit', `"${policy}";r=${verdict.remaining};t=${verdict.resetSeconds}`);
  if (verdict.allowed) return;
  throw new RateLimited(`The limit is ${verdict.limit} requests per 60 seconds.`, {
    headers: { 'Retry-After': String(verdict.resetSeconds) },
  });
}

const policyFields = new Map<string, Map<number, string>>();

function policyField(policy: string, limit: number): string {
  const known = policyFields.get(policy)?.get(limit);
  if (known !== undefined) return known;
  const field = `"${policy}";q=${limit};w=${WINDOW_MS / 1000}`;
  const fields = policyFields.get(policy) ?? new Map<number, string>();
  // Limits are a handful of numbers that administrators chose.
  if (fields.size < 1_000) policyFields.set(policy, fields.set(limit, field));
  return field;
}
