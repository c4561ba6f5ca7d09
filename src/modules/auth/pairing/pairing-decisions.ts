import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { AccountLocked } from '../auth.errors.js';
import { Lockout } from '../lockout/lockout.js';
import type { ThrottleKeys } from '../lockout/login-throttles.repository.js';
import { PairingView } from './pairing.dto.js';
import type { Pairing } from './pairing.entity.js';
import { TooManyUserCodes } from './pairing.errors.js';
import { PairingApproved, PairingCodeRefused, PairingRefused } from './pairing.events.js';
import { type PairingDecision, PairingsRepository } from './pairings.repository.js';

/**
 * The person's side of a pairing. A code that nobody waits for counts like a wrong password, on counters of its own, and
 * finding one forgives nothing: otherwise who starts a pairing now and then could go on guessing.
 */
@Injectable()
export class PairingDecisions {
  constructor(
    private readonly pairings: PairingsRepository,
    private readonly lockout: Lockout,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFound, TooManyUserCodes */
  async look(userCode: string, principal: Principal): Promise<PairingView> {
    return this.found(principal, () => this.pairings.pending(principal.tenantId, userCode, this.clock.now()));
  }

  /** @throws NotFound, TooManyUserCodes */
  async approve(userCode: string, principal: Principal): Promise<PairingView> {
    return this.found(principal, () => this.decide(userCode, 'approved', principal));
  }

  /** @throws NotFound, TooManyUserCodes */
  async deny(userCode: string, principal: Principal): Promise<PairingView> {
    return this.found(principal, () => this.decide(userCode, 'denied', principal));
  }

  private async decide(
    userCode: string,
    decision: PairingDecision,
    { id, tenantId }: Principal,
  ): Promise<Pairing | null> {
    const decided = await this.pairings.decide(tenantId, userCode, decision, id, this.clock.now());
    if (decided === null) return null;
    const values = { resourceId: decided.id, personal: { deviceName: decided.deviceName } };
    await this.events.record(
      decision === 'approved'
        ? new PairingApproved({ ...values, detail: {} })
        : new PairingRefused({ ...values, detail: { reason: 'denied' } }),
    );
    return decided;
  }

  private async found(principal: Principal, search: () => Promise<Pairing | null>): Promise<PairingView> {
    // Upper case occurs in no canonical login, so these counters are nobody's logins.
    const keys = this.lockout.keysFor(principal.tenantId, `PAIRING:${principal.id}`);
    const pairing = await whileOpen(async () => {
      await this.lockout.expectOpen(keys);
      const pairing = await this.withinLimit(keys, search);
      if (pairing === null) await this.countMiss(keys, principal);
      return pairing;
    });
    if (pairing === null)
      throw new NotFound('No device waits for this code: it may have expired or been decided.');
    return PairingView.from(pairing);
  }

  /** Of tries that were made side by side only those that fit under the limit get to know, or to do, anything. */
  @Transactional()
  private async withinLimit(
    keys: ThrottleKeys,
    search: () => Promise<Pairing | null>,
  ): Promise<Pairing | null> {
    const found = await search();
    if (found !== null) await this.lockout.expectOpen(keys);
    return found;
  }

  @Transactional()
  private async countMiss(keys: ThrottleKeys, { id }: Principal): Promise<void> {
    const locks = await this.lockout.countFailure(keys);
    const until = locks.map((lock) => lock.until.toISOString()).sort();
    const detail = { lockedUntil: until.at(-1) ?? null };
    await this.events.record(new PairingCodeRefused({ resourceId: id, detail, outcome: 'failure' }));
  }
}

/** The lock is the one of logins; what it says to the person is about codes. */
async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountLocked) throw new TooManyUserCodes(error.headers?.['Retry-After'] ?? '60');
    throw error;
  }
}
