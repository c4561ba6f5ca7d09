import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { canonicalJson, KeyRing } from '../../crypto/index.js';
import { UnitOfWork } from '../../database/index.js';
import {
  currentOperation,
  DEFAULT_TENANT_ID,
  type Operation,
  type Principal,
} from '../../operation/index.js';
import { IdempotencyConflict, IdempotencyInFlight } from '../../problem/index.js';
import { Clock } from '../../runtime/index.js';
import { describeSuccess } from '../output/success-headers.js';
import { idempotencyKey } from './idempotency-key.js';
import { type StoredAnswer, StoredAnswers } from './stored-answers.repository.js';

const KEPT_MS = 24 * 60 * 60 * 1000;
const BODY_PURPOSE = 'idempotency body';
const REPEATED_HEADERS = ['content-type', 'location', 'etag'] as const;
const JSON_TYPE = 'application/json; charset=utf-8';

/** One request with a key: what it is for, and what it says. */
interface Attempt {
  readonly scopeHash: Buffer;
  readonly tenantId: string;
  readonly fingerprint: string;
}

/** A request and the reply to it. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Gives a request with an Idempotency-Key its effect once. The answer is stored by the transaction that has the effect,
 * so that either both are there or neither, whenever the process dies; the transaction's advisory lock keeps duplicates
 * out meanwhile, on every replica. Runs after authentication and permission, so a replay passes them as well.
 */
@Injectable()
export class Idempotency {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly answers: StoredAnswers,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * @param handle what the request is for; called again when the transaction has to be run again
   * @returns what is to be answered
   */
  once(key: string, { request, reply }: Exchange, handle: () => unknown): Promise<unknown> {
    const attempt = attemptOf(idempotencyKey(key), request, currentOperation());
    const status = reply.statusCode;
    return this.unitOfWork.run(async () => {
      if (!(await this.answers.tryLock(attempt.scopeHash))) throw new IdempotencyInFlight();
      const stored = await this.answers.find(attempt.scopeHash);
      if (stored !== null && stored.expiresAt > this.clock.now()) return this.replay(stored, attempt, reply);
      // The transaction may be run again, and its first run may have said other things.
      reply.code(status).removeHeader('etag').removeHeader('location');
      return this.runAndStore(attempt, request, reply, handle);
    });
  }

  private replay(stored: StoredAnswer, attempt: Attempt, reply: FastifyReply): string | undefined {
    if (!this.keys.verifiesMac(BODY_PURPOSE, attempt.fingerprint, stored.bodyMac))
      throw new IdempotencyConflict();
    reply.code(stored.status).headers(stored.headers).header('idempotent-replayed', 'true');
    const text = this.keys.decrypt(stored.body.toString('utf8'), associatedData(attempt)).toString('utf8');
    return text === '' ? undefined : text;
  }

  private async runAndStore(
    attempt: Attempt,
    request: FastifyRequest,
    reply: FastifyReply,
    handle: () => unknown,
  ): Promise<string | undefined> {
    const result = await handle();
    describeSuccess(request, reply, result);
    const text = result === undefined || result === null ? '' : JSON.stringify(result);
    if (text !== '') reply.header('content-type', JSON_TYPE);
    if (reply.statusCode >= 200 && reply.statusCode < 300) await this.store(attempt, reply, text);
    return text === '' ? undefined : text;
  }

  /** Encrypted whatever it is: some answers show a secret that is shown once. */
  private async store(attempt: Attempt, reply: FastifyReply, text: string): Promise<void> {
    const now = this.clock.now();
    const answer = {
      bodyMac: this.keys.mac(BODY_PURPOSE, attempt.fingerprint),
      status: reply.statusCode,
      headers: repeatedHeaders(reply),
      body: Buffer.from(this.keys.encrypt(text, associatedData(attempt))),
      expiresAt: new Date(now.getTime() + KEPT_MS),
    };
    await this.answers.store(attempt.scopeHash, attempt.tenantId, answer, now);
  }
}

/** The query belongs to the address of what is asked for, so it is part of the scope, not of the body. */
function attemptOf(key: string, request: FastifyRequest, operation: Operation): Attempt {
  const { principal, clientIp } = operation;
  const tenantId = principal?.tenantId ?? DEFAULT_TENANT_ID;
  const who = principal === null ? ['anonymous', clientIp] : nameOf(principal);
  const scope = JSON.stringify([tenantId, ...who, request.method, request.raw.url, key]);
  return {
    scopeHash: createHash('sha256').update(scope).digest(),
    tenantId,
    // Routes without a body take none or {}, which mean the same.
    fingerprint: canonicalJson(request.body ?? {}),
  };
}

/** A key of the user and the same key of somebody who acts as them are two. */
function nameOf({ kind, id, actor }: Principal): string[] {
  return actor === undefined ? [kind, id] : [kind, id, 'by', actor.kind, actor.id];
}

function associatedData({ scopeHash }: Attempt): string {
  return `idempotency:${scopeHash.toString('hex')}:response`;
}

function repeatedHeaders(reply: FastifyReply): Record<string, string> {
  const present = REPEATED_HEADERS.flatMap((name): [string, string][] => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)]];
  });
  return Object.fromEntries(present);
}
