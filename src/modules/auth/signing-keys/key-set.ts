import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import {
  importSigningKey,
  KeyRing,
  publicKeyPem,
  type PublicJwk,
  Secret,
  type SigningKey,
} from '../../../kernel/crypto/index.js';
import { ChangeFeed } from '../../../kernel/database/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import type { StoredSigningKey } from './signing-key.entity.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

const RELOAD_INTERVAL_MS = 15_000;
/** A key that was taken out of the table behind our back is refused after this time at the latest. */
const TRUSTED_FOR_MS = 50_000;
const SHORTEST_LOOKUP_INTERVAL_MS = 1_000;

/** A key that tokens are verified with. */
export interface VerificationKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
  /** SPKI PEM. */
  readonly pem: string;
  /** Milliseconds; Infinity while the key has no end. */
  readonly verifiesUntilMs: number;
}

/** What the associated data of an encrypted private key says about where it lives. */
export function placeOfPrivateKey(kid: string): string {
  return `signing_keys:${kid}:private_key`;
}

/** The signing keys as this process knows them: read at start, when one changes, and every 15 seconds in any case. */
@Injectable()
export class KeySet implements OnModuleDestroy {
  private readonly log = new Logger('SigningKeys');
  private stored: readonly StoredSigningKey[] = [];
  private verifying = new Map<string, VerificationKey>();
  private readonly opened = new Map<string, SigningKey>();
  private loadedAtMs = -Infinity;
  private lookedUpAtMs = -Infinity;
  private loading: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private changes = 0;

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly ring: KeyRing,
    private readonly clock: Clock,
    feed: ChangeFeed,
  ) {
    feed.subscribe({
      changed: (tag) => {
        if (tag.startsWith('signing_key:')) this.reloadInBackground();
      },
      changedUnseen: () => this.reloadInBackground(),
    });
  }

  /** Reads the keys and keeps reading them. */
  async start(): Promise<void> {
    await this.reload();
    if (this.timer === null)
      this.timer = setInterval(() => this.reloadInBackground(), RELOAD_INTERVAL_MS).unref();
  }

  onModuleDestroy(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Grows whenever a key was added, removed or given an end: what was concluded from the keys before must be checked. */
  get generation(): number {
    return this.changes;
  }

  /** Whether the keys were read lately; if not, `verifier` reads them again before it answers. */
  get isTrusted(): boolean {
    return this.clock.monotonicMs() - this.loadedAtMs <= TRUSTED_FOR_MS;
  }

  /** The key that signs now: the newest whose time has come. */
  signer(): SigningKey {
    const now = this.clock.nowMs();
    // When all lie ahead, the clocks of two processes that started at once differ; the oldest is the one to use.
    const key = this.stored.find(({ signsFrom }) => signsFrom.getTime() <= now) ?? this.stored.at(-1);
    if (key === undefined) throw new Error('There is no signing key; the application has not started.');
    return this.open(key);
  }

  /** The key of that name, unless its time is over. A name nobody knows is looked up at most once a second. */
  async verifier(kid: string): Promise<VerificationKey | null> {
    if (!this.isTrusted) await this.reload();
    if (!this.verifying.has(kid)) await this.lookUp();
    return this.current(kid);
  }

  /** The key of that name as far as this process knows, unless its time is over. */
  current(kid: string): VerificationKey | null {
    const key = this.verifying.get(kid);
    return key !== undefined && this.clock.nowMs() < key.verifiesUntilMs ? key : null;
  }

  /** The public halves of all keys that verify, for publication. */
  published(): PublicJwk[] {
    const now = this.clock.nowMs();
    return [...this.verifying.values()].filter((key) => now < key.verifiesUntilMs).map(({ jwk }) => jwk);
  }

  /** Calls at the same time share one read, unless it began before something changed. */
  reload(): Promise<void> {
    this.loading ??= this.load().finally(() => (this.loading = null));
    return this.loading;
  }

  private async lookUp(): Promise<void> {
    const now = this.clock.monotonicMs();
    if (now - this.lookedUpAtMs < SHORTEST_LOOKUP_INTERVAL_MS) return this.loading ?? undefined;
    this.lookedUpAtMs = now;
    await this.reload();
  }

  private reloadInBackground(): void {
    // A read that is under way may have missed the change: another follows it.
    const before = this.loading ?? Promise.resolve();
    before
      .catch(() => undefined)
      .then(() => this.reload())
      .catch((error: unknown) => this.log.warn(`The signing keys could not be read: ${String(error)}`));
  }

  private async load(): Promise<void> {
    const beganMs = this.clock.monotonicMs();
    const stored = await this.keys.all();
    if (!isSame(stored, this.stored)) this.changes += 1;
    this.stored = stored;
    this.verifying = new Map(stored.map((key) => [key.kid, verificationKeyOf(key)]));
    for (const kid of this.opened.keys()) if (!this.verifying.has(kid)) this.opened.delete(kid);
    this.loadedAtMs = beganMs;
  }

  private open({ kid, privateKey }: StoredSigningKey): SigningKey {
    const known = this.opened.get(kid);
    if (known !== undefined) return known;
    const pem = this.ring.decrypt(privateKey.toString('utf8'), placeOfPrivateKey(kid)).toString('utf8');
    const key = importSigningKey(new Secret(pem));
    this.opened.set(kid, key);
    return key;
  }
}

function verificationKeyOf({ kid, publicJwk, verifiesUntil }: StoredSigningKey): VerificationKey {
  return {
    kid,
    jwk: publicJwk,
    pem: publicKeyPem(publicJwk),
    verifiesUntilMs: verifiesUntil?.getTime() ?? Infinity,
  };
}

function isSame(one: readonly StoredSigningKey[], other: readonly StoredSigningKey[]): boolean {
  const spelled = (keys: readonly StoredSigningKey[]) =>
    keys.map(({ kid, verifiesUntil }) => `${kid} ${verifiesUntil?.getTime()}`).join();
  return spelled(one) === spelled(other);
}
