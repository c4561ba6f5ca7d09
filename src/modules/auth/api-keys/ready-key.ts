import {
  PermissionsByScope,
  PermissionSet,
  type Rights,
  type Subject,
} from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { AddressList } from './address-list.js';
import type { KeyInUse } from './api-keys.repository.js';

const MINUTE_MS = 60_000;

/** A key as it is judged on each request: everything about it that costs something is worked out beforehand. */
export class ReadyKey {
  readonly id: string;
  /** Whose rights it has; the same object for as long as the key is remembered. */
  readonly subject: Subject;
  /** Whether it was not revoked, and owner and tenant were active, when it was looked up. */
  readonly isAlive: boolean;
  private readonly ownerName: string;
  private readonly expiresAtMs: number;
  /** Null where the key may be used from everywhere. */
  private readonly addresses: AddressList | null;
  /** Null where the key may do what its owner may. */
  private readonly scopes: PermissionsByScope | null;
  private notedAtMs: number;
  private rights: Rights | null = null;
  private principal: Principal | null = null;

  constructor(key: KeyInUse) {
    this.id = key.id;
    this.subject = { kind: key.ownerKind, id: key.ownerId, tenantId: key.tenantId };
    this.ownerName = key.ownerName;
    this.isAlive = key.isOwnerActive && key.revokedAt === null;
    this.expiresAtMs = key.expiresAt.getTime();
    this.addresses = key.allowedCidrs.length === 0 ? null : new AddressList(key.allowedCidrs);
    this.scopes = key.scopes === null ? null : PermissionsByScope.alike(PermissionSet.of(key.scopes));
    this.notedAtMs = key.lastUsedAt?.getTime() ?? -Infinity;
  }

  /** Whether it opens anything now and from there: asked at every use, whenever it was remembered. */
  isUsable(nowMs: number, clientIp: string | null): boolean {
    return (
      this.isAlive &&
      nowMs < this.expiresAtMs &&
      (this.addresses === null || this.addresses.includes(clientIp))
    );
  }

  /** Whether this use is to be written down; says yes at most once a minute. */
  isWorthNoting(nowMs: number): boolean {
    if (nowMs - this.notedAtMs < MINUTE_MS) return false;
    this.notedAtMs = nowMs;
    return true;
  }

  /** The owner with what both the owner and the key may do. Made anew only when the rights are others than last time. */
  principalFor(rights: Rights): Principal {
    if (this.principal === null || this.rights !== rights) {
      this.principal = this.build(rights);
      this.rights = rights;
    }
    return this.principal;
  }

  private build({ roles, permissionsByScope: ofOwner }: Rights): Principal {
    const { kind, id, tenantId } = this.subject;
    const permissionsByScope = this.scopes === null ? ofOwner : ofOwner.intersect(this.scopes);
    return Object.freeze({
      kind,
      id,
      name: this.ownerName,
      tenantId,
      roles,
      permissions: permissionsByScope.everywhere,
      permissionsByScope,
      credential: Object.freeze({
        kind: kind === 'user' ? 'api_key' : 'service_key',
        keyId: this.id,
      } as const),
    });
  }
}
