import { Injectable } from '@nestjs/common';
import { hashToken, keyPrefix, mintToken } from '../../../kernel/crypto/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, Unauthorized, ValidationFailed } from '../../../kernel/problem/index.js';
import {
  Clock,
  earlierOf,
  Entropy,
  Ids,
  millisecondsAfter,
  secondsAfter,
} from '../../../kernel/runtime/index.js';
import { type CreateApiKey, ApiKeyView, type NewApiKeyView, type RotateApiKey } from './api-key.dto.js';
import type { ApiKey } from './api-key.entity.js';
import { KeyNotActive } from './api-key.errors.js';
import { ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated } from './api-key.events.js';
import { ApiKeysRepository, type KeyOwner } from './api-keys.repository.js';

const DAY_MS = 24 * 3600 * 1000;
const DEFAULT_LIFETIME_MS = 90 * DAY_MS;
const LONGEST_LIFETIME_MS = 365 * DAY_MS;

/** The keys of one owner, a user or a service: made, listed, rotated and revoked. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly cursors: Cursors,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly entropy: Entropy,
  ) {}

  /** @throws ValidationFailed for an end in the past or too far away; Unauthorized when the owner has just lost access */
  @Transactional()
  async create(wish: CreateApiKey, owner: KeyOwner, caller: Pick<Principal, 'id'>): Promise<NewApiKeyView> {
    await this.holdOwner(owner);
    const { name = '', scopes = null, allowedCidrs = [] } = wish;
    const now = this.clock.now();
    const expiresAt =
      wish.expiresAt === undefined
        ? millisecondsAfter(now, DEFAULT_LIFETIME_MS)
        : acceptedEnd(wish.expiresAt, now);
    const created = await this.add(
      { name, scopes, allowedCidrs, createdBy: caller.id, createdAt: now, expiresAt },
      owner,
    );
    const detail = {
      ownerKind: owner.kind,
      ownerId: owner.id,
      scopes,
      allowedCidrs,
      expiresAt: expiresAt.toISOString(),
    };
    await this.events.record(new ApiKeyCreated({ resourceId: created.id, detail }));
    return created;
  }

  async page(query: PageQuery, owner: KeyOwner): Promise<Page<ApiKeyView>> {
    const { limit, total } = query;
    const binding = bindingOf('api-keys', owner.tenantId, { ownerKind: owner.kind, ownerId: owner.id });
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const keys = await this.keys.page(owner, before, limit + 1);
    const page = this.cursors.page(
      keys,
      limit,
      binding,
      (key) => [key.id],
      (key) => ApiKeyView.from(key),
    );
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.keys.count(owner, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async view(id: string, owner: KeyOwner): Promise<ApiKeyView> {
    const key = await this.keys.byId(id, owner);
    if (key === null) throw new NotFound();
    return ApiKeyView.from(key);
  }

  /**
   * A new key of the same name, limits and lifetime takes the place of this one, which works on for the overlap, though
   * never beyond its own end.
   *
   * @throws NotFound, KeyNotActive
   */
  @Transactional()
  async rotate(
    id: string,
    { overlapSeconds }: RotateApiKey,
    owner: KeyOwner,
    caller: Principal,
  ): Promise<NewApiKeyView> {
    await this.holdOwner(owner);
    const old = await this.keys.lock(id, owner);
    if (old === null) throw new NotFound();
    const now = this.clock.now();
    if (old.revokedAt !== null || old.replacedById !== null || old.expiresAt <= now) throw new KeyNotActive();
    const expiresAt = millisecondsAfter(now, old.expiresAt.getTime() - old.createdAt.getTime());
    const { name, scopes, allowedCidrs } = old;
    const created = await this.add(
      { name, scopes, allowedCidrs, createdBy: caller.id, createdAt: now, expiresAt },
      owner,
    );
    const worksUntil = earlierOf(old.expiresAt, secondsAfter(now, overlapSeconds));
    await this.keys.replace(id, created.id, worksUntil);
    const detail = { replacedById: created.id, worksUntil: worksUntil.toISOString() };
    await this.events.record(new ApiKeyRotated({ resourceId: id, detail }));
    await this.changes.announce('key', id);
    return created;
  }

  /** Revoking again is no fault and changes nothing. @throws NotFound */
  @Transactional()
  async revoke(id: string, owner: KeyOwner): Promise<void> {
    const key = await this.keys.lock(id, owner);
    if (key === null) throw new NotFound();
    if (key.revokedAt !== null) return;
    await this.keys.revoke(id, this.clock.now());
    await this.tellEnded(id, owner, 'revoked');
  }

  /** For an owner who is disabled or deleted but may come back, without keys. Returns how many ended. */
  @Transactional()
  async revokeAllOf(owner: KeyOwner, reason: 'owner_disabled' | 'owner_deleted'): Promise<number> {
    const ended = await this.keys.revokeAll(owner, this.clock.now());
    for (const id of ended) await this.tellEnded(id, owner, reason);
    return ended.length;
  }

  /** For an owner who is deleted for good. Returns how many ended. */
  @Transactional()
  async deleteAllOf(owner: KeyOwner): Promise<number> {
    const ended = await this.keys.deleteAll(owner);
    for (const id of ended) await this.tellEnded(id, owner, 'owner_deleted');
    return ended.length;
  }

  /**
   * So that no key comes into being while its owner is losing all of them. Services are held by who looks after them.
   */
  private async holdOwner({ kind, id }: KeyOwner): Promise<void> {
    if (kind === 'user' && !(await this.keys.holdActiveUser(id))) throw new Unauthorized();
  }

  private async add(key: NewKey, owner: KeyOwner): Promise<NewApiKeyView> {
    const secret = mintToken(owner.kind === 'user' ? 'usr' : 'svc', this.entropy);
    const row: ApiKey = {
      ...key,
      id: this.ids.next(),
      tenantId: owner.tenantId,
      ownerKind: owner.kind,
      ownerId: owner.id,
      keyPrefix: keyPrefix(secret),
      keyHash: hashToken(secret),
      lastUsedAt: null,
      revokedAt: null,
      replacedById: null,
    };
    await this.keys.add(row);
    return { ...ApiKeyView.from(row), key: secret };
  }

  private async tellEnded(id: string, owner: KeyOwner, reason: KeyEnd): Promise<void> {
    const detail = { ownerKind: owner.kind, ownerId: owner.id, reason };
    await this.events.record(new ApiKeyRevoked({ resourceId: id, detail }));
    await this.changes.announce('key', id);
  }
}

type KeyEnd = 'revoked' | 'owner_disabled' | 'owner_deleted';
type NewKey = Pick<ApiKey, 'name' | 'scopes' | 'allowedCidrs' | 'createdBy' | 'createdAt' | 'expiresAt'>;

function acceptedEnd(text: string, now: Date): Date {
  const end = new Date(text);
  if (end <= now) throw refusedEnd('in_past', 'expiresAt must be in the future.');
  if (end > millisecondsAfter(now, LONGEST_LIFETIME_MS))
    throw refusedEnd('too_late', 'expiresAt must be at most 365 days from now.');
  return end;
}

function refusedEnd(code: string, message: string): ValidationFailed {
  return new ValidationFailed([{ in: 'body', pointer: '/expiresAt', code, message }]);
}
