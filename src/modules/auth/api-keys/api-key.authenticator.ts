import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type AuthenticationRequest,
  Authenticator,
  AuthenticatorRegistry,
  Policy,
  type Rights,
} from '../../../kernel/access/index.js';
import { hashToken, readToken } from '../../../kernel/crypto/index.js';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyUses } from './key-uses.js';
import { ReadyKey } from './ready-key.js';
import { UnknownKeys } from './unknown-keys.js';

const MOST_KEYS = 50_000;

/**
 * Keys of users and services. A key is found by its hash, so nothing is learnt from how long a wrong one takes. What was
 * found is remembered until key, owner or tenant changes; expiry, address and rights are judged on every request.
 */
@Injectable()
export class ApiKeyAuthenticator extends Authenticator implements OnModuleInit {
  private readonly known: TaggedCache<string, ReadyKey>;
  private readonly unknown = new UnknownKeys();
  /** Hashes of keys that were in use when they were last looked up, which outlives what is remembered about them. */
  private readonly admitted = new Set<string>();

  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly keys: ApiKeysRepository,
    private readonly policy: Policy,
    private readonly uses: KeyUses,
    private readonly clock: Clock,
    feed: ChangeFeed,
  ) {
    super();
    this.known = new TaggedCache(feed, {
      max: MOST_KEYS,
      tagsOf: ({ id, subject }) => [
        `key:${id}`,
        `${subject.kind}:${subject.id}`,
        `tenant:${subject.tenantId}`,
      ],
    });
  }

  onModuleInit(): void {
    this.registry.register(this);
  }

  recognises(token: string): boolean {
    return token.startsWith('rv_usr_') || token.startsWith('rv_svc_');
  }

  authenticate(token: string, { clientIp }: AuthenticationRequest): Principal | Promise<Principal> {
    const keyHash = hashToken(token);
    const key = this.known.peek(keyHash);
    // Spelling is looked at only here: what is known is spelt right.
    if (key === undefined && readToken(token) === null) throw new Unauthorized();
    if (key === undefined) return this.authenticateNew(keyHash, clientIp);
    const rights = this.policy.peekRights(key.subject);
    return rights === undefined
      ? this.authenticateAgain(key, clientIp)
      : this.principalOf(key, rights, clientIp);
  }

  knows(token: string): boolean {
    return readToken(token) !== null && this.admitted.has(hashToken(token));
  }

  private async authenticateNew(keyHash: string, clientIp: string | null): Promise<Principal> {
    return this.authenticateAgain(await this.lookUp(keyHash), clientIp);
  }

  private async authenticateAgain(key: ReadyKey, clientIp: string | null): Promise<Principal> {
    // Before the rights are read: a key that opens nothing has none.
    if (!key.isUsable(this.clock.nowMs(), clientIp)) throw new Unauthorized();
    return this.principalOf(
      key,
      this.policy.peekRights(key.subject) ?? (await this.policy.rightsOf(key.subject)),
      clientIp,
    );
  }

  private principalOf(key: ReadyKey, rights: Rights, clientIp: string | null): Principal {
    const now = this.clock.nowMs();
    if (!key.isUsable(now, clientIp)) throw new Unauthorized();
    if (key.isWorthNoting(now)) this.uses.note(key.id, now);
    return key.principalFor(rights);
  }

  private async lookUp(keyHash: string): Promise<ReadyKey> {
    const key = await this.known.get(keyHash, () => this.find(keyHash));
    if (this.admitted.size >= MOST_KEYS) this.admitted.clear();
    if (key.isAlive) this.admitted.add(keyHash);
    else this.admitted.delete(keyHash);
    return key;
  }

  private async find(keyHash: string): Promise<ReadyKey> {
    const nowMs = this.clock.monotonicMs();
    if (this.unknown.has(keyHash, nowMs)) throw new Unauthorized();
    const key = await this.keys.inUse(keyHash);
    if (key === null) {
      this.unknown.add(keyHash, nowMs);
      throw new Unauthorized();
    }
    return new ReadyKey(key);
  }
}
