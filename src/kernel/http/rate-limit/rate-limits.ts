import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../operation/index.js';
import { RateLimited } from '../../problem/index.js';
import { Configuration, type RateSettings } from '../../runtime/index.js';
import { ratePrincipal, SettingsStore } from '../../settings/index.js';
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

  constructor(
    configuration: Configuration,
    private readonly limiter: RateLimiter,
    private readonly settings: SettingsStore,
  ) {
    this.limits = configuration.rate;
  }

  /** @param network the address, or its /64. @returns nothing, or a promise when the count has to be asked for. */
  chargeAddress(network: string, policy: AddressPolicy, reply: FastifyReply): void | Promise<void> {
    return charge(this.limiter.spend(`${policy}:${network}`, this.limits[policy]), policy, reply);
  }

  chargePrincipal(principal: Principal, policy: PrincipalPolicy, reply: FastifyReply): void | Promise<void> {
    const limit = policy === 'principal' ? this.limitOf(principal.tenantId) : this.limits.export;
    return charge(this.limiter.spend(`${policy}:${principal.kind}:${principal.id}`, limit), policy, reply);
  }

  /** The setting when it is at hand; otherwise it is fetched for the next request, and this one does not wait. */
  private limitOf(tenantId: string): number {
    const own = this.settings.peek(tenantId, ratePrincipal);
    if (own === undefined) this.settings.get(tenantId, ratePrincipal).catch(() => undefined);
    return own ?? this.limits.principal;
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

const policyFields = new Map<string, string>();

function policyField(policy: string, limit: number): string {
  const key = `${policy}${limit}`;
  const known = policyFields.get(key);
  if (known !== undefined) return known;
  const field = `"${policy}";q=${limit};w=${WINDOW_MS / 1000}`;
  // Limits are a handful of numbers that administrators chose.
  if (policyFields.size < 1_000) policyFields.set(key, field);
  return field;
}
