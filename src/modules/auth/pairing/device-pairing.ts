import { Injectable } from '@nestjs/common';
import { hashToken, mintToken, readToken } from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../../kernel/operation/index.js';
import type { Problem } from '../../../kernel/problem/index.js';
import { Clock, Configuration, Entropy, Ids, secondsAfter } from '../../../kernel/runtime/index.js';
import type { NewApiKeyView } from '../api-keys/api-key.dto.js';
import { whereabouts } from '../sessions/sessions.js';
import { PairedKeys } from './paired-keys.js';
import type { ClaimPairing, StartedPairing, StartPairing } from './pairing.dto.js';
import type { Pairing } from './pairing.entity.js';
import { AuthorizationPending, PairingDenied, PairingExpired, SlowDown } from './pairing.errors.js';
import { PairingStarted } from './pairing.events.js';
import { PairingsRepository } from './pairings.repository.js';
import { FIRST_INTERVAL_SECONDS, paced } from './poll-pace.js';
import { drawUserCode } from './user-code.js';

const LIFETIME_SECONDS = 600;

/** The device's side of a pairing: it asks, shows a code, and comes back until somebody has decided. */
@Injectable()
export class DevicePairing {
  constructor(
    private readonly pairings: PairingsRepository,
    private readonly keys: PairedKeys,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly entropy: Entropy,
    private readonly configuration: Configuration,
  ) {}

  @Transactional()
  async start({ deviceName }: StartPairing): Promise<StartedPairing> {
    const deviceCode = mintToken('dev', this.entropy);
    const { id, tenantId, userCode, expiresAt } = await this.add(deviceName, hashToken(deviceCode));
    const detail = { expiresAt: expiresAt.toISOString() };
    await this.events.record(
      new PairingStarted({ resourceId: id, tenantId, detail, personal: { deviceName } }),
    );
    return {
      deviceCode,
      userCode,
      verificationUrl: `${this.configuration.publicUrl}/pair`,
      interval: FIRST_INTERVAL_SECONDS,
      expiresIn: LIFETIME_SECONDS,
    };
  }

  /**
   * The key, once: whoever asks after that, or at the same time, is told that the code was used.
   *
   * @throws AuthorizationPending, SlowDown, PairingExpired, PairingDenied
   */
  async claim({ deviceCode }: ClaimPairing): Promise<NewApiKeyView> {
    if (readToken(deviceCode)?.kind !== 'dev') throw new PairingExpired();
    const { key, refusal } = await this.answer(hashToken(deviceCode));
    if (refusal !== undefined) throw refusal;
    return key;
  }

  private async add(deviceName: string, deviceCodeHash: string): Promise<Pairing> {
    for (;;) {
      const createdAt = this.clock.now();
      const pairing: Pairing = {
        id: this.ids.next(),
        tenantId: DEFAULT_TENANT_ID,
        deviceCodeHash,
        userCode: drawUserCode(this.entropy),
        deviceName,
        ...whereabouts(),
        status: 'pending',
        intervalSeconds: FIRST_INTERVAL_SECONDS,
        lastPolledAt: null,
        decidedBy: null,
        decidedAt: null,
        createdAt,
        expiresAt: secondsAfter(createdAt, LIFETIME_SECONDS),
      };
      if (await this.pairings.add(pairing)) return pairing;
    }
  }

  /** Refusals are returned and not thrown: that the device asked is to be remembered. */
  @Transactional()
  private async answer(deviceCodeHash: string): Promise<Answer> {
    const now = this.clock.now();
    const pairing = await this.pairings.hold(deviceCodeHash, now);
    switch (pairing?.status) {
      case 'pending':
        return { refusal: await this.notYet(pairing, now) };
      case 'approved':
        return this.handOver(pairing);
      case 'denied':
        return { refusal: new PairingDenied() };
      default:
        return { refusal: new PairingExpired() };
    }
  }

  private async notYet(pairing: Pairing, now: Date): Promise<Problem> {
    const { isTooSoon, intervalSeconds } = paced(pairing, now);
    await this.pairings.notePoll(pairing.id, now, intervalSeconds);
    return isTooSoon ? new SlowDown(intervalSeconds) : new AuthorizationPending(intervalSeconds);
  }

  private async handOver(pairing: Pairing): Promise<Answer> {
    const key = await this.keys.handOver(pairing);
    return key === null ? { refusal: new PairingDenied() } : { key };
  }
}

type Answer =
  | { readonly key: NewApiKeyView; readonly refusal?: undefined }
  | { readonly key?: undefined; readonly refusal: Problem };
