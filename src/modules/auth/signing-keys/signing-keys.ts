import { Injectable } from '@nestjs/common';
import {
  exportSigningKey,
  generateSigningKey,
  KeyRing,
  type SigningKey,
} from '../../../kernel/crypto/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock, Configuration } from '../../../kernel/runtime/index.js';
import { placeOfPrivateKey } from './key-set.js';
import { isDueForRotation, signsFrom, verifiesUntil } from './rotation-rule.js';
import type { StoredSigningKey } from './signing-key.entity.js';
import { SigningKeyCreated, SigningKeyRemoved, SigningKeyRotated } from './signing-keys.events.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** The keys that access tokens are signed with, in the database that all processes share. */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly ring: KeyRing,
    private readonly events: EventLog,
    private readonly feed: ChangeFeed,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** Makes the first key. Of processes that start at once one succeeds and the others use its key. */
  async ensure(): Promise<void> {
    if ((await this.keys.all()).some(({ verifiesUntil }) => verifiesUntil === null)) return;
    await this.addFirst(await generateSigningKey());
  }

  /**
   * Makes a new key. It is published at once and signs a little later; the one before it verifies until its last token
   * has expired. Returns the new kid, or null when the key named was replaced by somebody else meanwhile.
   */
  async rotate(currentKid?: string): Promise<string | null> {
    return this.replace(await generateSigningKey(), currentKid);
  }

  /**
   * What the schedule does: a new key every 90 days, none kept that has verified its last token, and all of them under
   * the present root of the key ring.
   */
  async maintain(): Promise<void> {
    await this.removeEnded();
    await this.rewrap();
    const current = (await this.keys.all()).find(({ verifiesUntil }) => verifiesUntil === null);
    if (current !== undefined && isDueForRotation(current.createdAt, this.clock.now()))
      await this.rotate(current.kid);
  }

  @Transactional()
  private async addFirst(key: SigningKey): Promise<void> {
    const now = this.clock.now();
    if (!(await this.keys.addIfFirst(this.stored(key, now, now)))) return;
    await this.feed.announce('signing_key', key.kid);
    const detail = { signsFrom: now.toISOString() };
    await this.events.record(new SigningKeyCreated({ resourceId: key.kid, detail }));
  }

  @Transactional()
  private async replace(key: SigningKey, currentKid: string | undefined): Promise<string | null> {
    const current = await this.keys.lockCurrent();
    if (current === null || (currentKid !== undefined && current.kid !== currentKid)) return null;
    const now = this.clock.now();
    const next = this.stored(key, now, signsFrom(now));
    const end = verifiesUntil(next.signsFrom, this.configuration.accessTtlSeconds);
    await this.keys.endVerification(current.kid, end);
    await this.keys.addIfFirst(next);
    await this.feed.announce('signing_key', key.kid);
    await this.events.record(rotated(current.kid, next, end));
    return key.kid;
  }

  @Transactional()
  private async removeEnded(): Promise<void> {
    for (const kid of await this.keys.deleteEnded(this.clock.now())) {
      await this.feed.announce('signing_key', kid);
      await this.events.record(new SigningKeyRemoved({ resourceId: kid, detail: {} }));
    }
  }

  /** The keys stay what they are, so nobody needs to hear of it. */
  @Transactional()
  private async rewrap(): Promise<void> {
    for (const { kid, privateKey } of await this.keys.all()) {
      const sealed = privateKey.toString('utf8');
      if (this.ring.needsRewrap(sealed))
        await this.keys.rewrap(kid, privateKey, Buffer.from(this.ring.rewrap(sealed), 'utf8'));
    }
  }

  private stored(key: SigningKey, createdAt: Date, signsFrom: Date): StoredSigningKey {
    const { kid, publicJwk } = key;
    const privateKey = Buffer.from(
      this.ring.encrypt(exportSigningKey(key).reveal(), placeOfPrivateKey(kid)),
      'utf8',
    );
    return {
      kid,
      algorithm: publicJwk.alg,
      publicJwk,
      privateKey,
      createdAt,
      signsFrom,
      verifiesUntil: null,
    };
  }
}

function rotated(previousKid: string, next: StoredSigningKey, end: Date): SigningKeyRotated {
  const detail = {
    previousKid,
    signsFrom: next.signsFrom.toISOString(),
    previousVerifiesUntil: end.toISOString(),
  };
  return new SigningKeyRotated({ resourceId: next.kid, detail });
}
