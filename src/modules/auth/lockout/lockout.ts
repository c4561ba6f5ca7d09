import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { clientAddress } from '../../../kernel/http/index.js';
import { currentOperation } from '../../../kernel/operation/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { AccountLocked } from '../auth.errors.js';
import { afterFailure, lockedUntil, type ThrottleKind } from '../passwords/login-throttle-rule.js';
import type { LoginThrottle } from './login-throttle.entity.js';
import { LoginThrottlesRepository, type ThrottleKeys } from './login-throttles.repository.js';

const PURPOSE = 'login throttle';
/** One for everybody whose address is not known. */
const UNKNOWN_NETWORK = 'unknown';

/** A counter that has just reached or passed its limit. */
export interface NewLock {
  readonly kind: ThrottleKind;
  readonly failures: number;
  readonly until: Date;
}

/**
 * Counts failed logins and refuses further tries for a while. Counting is exact whatever number of replicas count at
 * once, because it happens in one transaction that holds the counters. Passwords are checked before it, so many tries may
 * be checked at the same time, but only those that fit under the limit are told the result.
 */
@Injectable()
export class Lockout {
  constructor(
    private readonly throttles: LoginThrottlesRepository,
    private readonly ring: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** What a try for this login, in its canonical form, from the caller's address is counted on. */
  keysFor(tenantId: string, canonicalLogin: string): ThrottleKeys {
    const network = clientAddress(currentOperation().clientIp ?? '')?.network ?? UNKNOWN_NETWORK;
    return {
      tenantId,
      address: this.hashed('address', network),
      login: this.hashed('login', canonicalLogin),
      loginAddress: this.hashed('login_address', canonicalLogin, network),
    };
  }

  /** @throws AccountLocked while one of the three locks */
  async expectOpen(keys: ThrottleKeys): Promise<void> {
    this.refuseUntil(await this.throttles.lockedUntil(keys));
  }

  /**
   * Counts one failure on all three.
   *
   * @returns the locks that begin with it
   * @throws AccountLocked when somebody else's failures have locked it meanwhile; then nothing is counted
   */
  @Transactional()
  async countFailure(keys: ThrottleKeys): Promise<NewLock[]> {
    const held = await this.throttles.hold(keys, this.clock.now());
    // Asked only now: those we waited for have counted at instants that must not come after ours.
    const now = this.clock.now();
    for (const { lockedUntil } of held) this.refuseUntil(lockedUntil);
    const counted = held.map((throttle) => countedOn(throttle, now));
    await this.throttles.store(counted);
    return counted.flatMap(({ kind, failures, lockedUntil }) =>
      lockedUntil ? [{ kind, failures, until: lockedUntil }] : [],
    );
  }

  /**
   * Forgets the failures of this login from this address, after the right password.
   *
   * @throws AccountLocked when the tries of others have locked it meanwhile: the right password is refused then as well
   */
  @Transactional()
  async clear(keys: ThrottleKeys): Promise<void> {
    this.refuseUntil(await this.throttles.clear(keys, this.clock.now()));
  }

  /** @throws AccountLocked when the instant lies ahead */
  refuseUntil(until: Date | null): void {
    const remainingMs = (until?.getTime() ?? 0) - this.clock.nowMs();
    if (remainingMs > 0) throw new AccountLocked(Math.ceil(remainingMs / 1000));
  }

  private hashed(...parts: string[]): string {
    return this.ring.mac(PURPOSE, JSON.stringify(parts)).toString('hex');
  }
}

function countedOn(throttle: LoginThrottle, now: Date): LoginThrottle {
  const { tenantId, kind, keyHash } = throttle;
  const count = afterFailure(kind, throttle.failures === 0 ? null : throttle, now);
  return {
    tenantId,
    kind,
    keyHash,
    ...count,
    lockedUntil: lockedUntil(kind, count.failures, count.lastFailureAt),
  };
}
