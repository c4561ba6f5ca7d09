import { Injectable } from '@nestjs/common';
import {
  type Ed25519Key,
  exportEd25519Key,
  generateEd25519Key,
  importEd25519Key,
  KeyRing,
  Secret,
} from '../../../kernel/crypto/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { SealingTurn } from '../sealing/sealing-turn.js';
import { AuditKeyCreated, AuditKeyRotated } from './audit-keys.events.js';
import { AuditKeysRepository, type CurrentKey } from './audit-keys.repository.js';
import { endorse } from './endorsement.js';

/** The key that signs checkpoints: one for the installation, made when the first is due, replaced when an operator says so. */
@Injectable()
export class AuditKeys {
  private opened: Ed25519Key | null = null;

  constructor(
    private readonly keys: AuditKeysRepository,
    private readonly turn: SealingTurn,
    private readonly ring: KeyRing,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /** For whoever has the turn to seal: nobody replaces the key, or makes the first, meanwhile. */
  async signer(): Promise<Ed25519Key> {
    const current = await this.keys.current();
    if (current === null) return this.addFirst();
    if (this.opened?.id !== current.keyId) this.opened = this.open(current);
    return this.opened;
  }

  /**
   * A new key signs from the next checkpoint on. The previous one endorses it, and then its private half is destroyed.
   *
   * @param isLost the private half of the previous key cannot be opened any more: nothing endorses the new one, and who
   *   has pinned the old one must pin the new one
   * @returns the id of the new key
   */
  @Transactional()
  async rotate(isLost = false): Promise<string> {
    await this.turn.wait();
    const previous = await this.keys.current();
    if (previous === null) return (await this.addFirst()).id;
    const next = await generateEd25519Key();
    const endorsement = isLost ? null : endorse(this.open(previous), next.id);
    await this.keys.forgetPrivate(previous.keyId);
    await this.add(next, previous.keyId, endorsement);
    const detail = { previousKeyId: previous.keyId, endorsed: !isLost };
    await this.events.record(new AuditKeyRotated({ resourceId: next.id, detail }));
    return next.id;
  }

  /** Under the present root of the key ring. */
  @Transactional()
  async rewrap(): Promise<void> {
    const current = await this.keys.current();
    if (current?.sealedKey == null || !this.ring.needsRewrap(current.sealedKey)) return;
    await this.keys.rewrap(current.keyId, current.sealedKey, this.ring.rewrap(current.sealedKey));
  }

  private async addFirst(): Promise<Ed25519Key> {
    const key = await generateEd25519Key();
    await this.add(key, null, null);
    await this.events.record(new AuditKeyCreated({ resourceId: key.id, detail: {} }));
    return key;
  }

  private async add(
    key: Ed25519Key,
    previousKeyId: string | null,
    endorsement: Buffer | null,
  ): Promise<void> {
    const createdAt = this.clock.now();
    const row = { keyId: key.id, publicKey: key.publicKey, previousKeyId, endorsement, createdAt };
    await this.keys.add(row, this.ring.encrypt(exportEd25519Key(key).reveal(), placeOf(key.id)));
  }

  private open({ keyId, sealedKey }: CurrentKey): Ed25519Key {
    if (sealedKey === null) throw new Error(`The private half of the audit key ${keyId} is missing.`);
    return importEd25519Key(new Secret(this.ring.decrypt(sealedKey, placeOf(keyId)).toString('utf8')));
  }
}

/** What the associated data of an encrypted private key says about where it lives. */
function placeOf(keyId: string): string {
  return `audit_private_keys:${keyId}:sealed_key`;
}
