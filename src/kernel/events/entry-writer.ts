import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../crypto/index.js';
import { DEFAULT_TENANT_ID, type Operation, operationOrNull } from '../operation/index.js';
import type { Principal } from '../operation/principal.js';
import { Clock, Entropy, Ids } from '../runtime/index.js';
import {
  type AuditEntry,
  leafHashOf,
  personalDigestOf,
  type PersonalPart,
  type SealedEntry,
} from './audit-entry.js';
import type { Fact, FactActor } from './fact.js';

const LARGEST_DETAIL_BYTES = 16 * 1024;
const SALT_BYTES = 16;
const SALTS_PER_REFILL = 256;

/** Turns a fact and the operation it happened in into the audit entry that says so. */
@Injectable()
export class EntryWriter {
  private salts: Buffer = Buffer.alloc(0);
  private saltsUsed = 0;

  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly entropy: Entropy,
  ) {}

  seal(fact: Fact): SealedEntry {
    const operation = operationOrNull();
    const actor = fact.actor ?? actorOf(operation);
    const salt = this.nextSalt();
    const personal = personalPart(fact, actor, operation);
    const entry = this.entry(fact, actor, operation, personalDigestOf(personal, salt));
    return { entry, leafHash: leafHashOf(entry), salt, personal };
  }

  /** A system call per entry is a good part of what an entry costs, so the bytes are drawn for many at once. */
  private nextSalt(): Buffer {
    if (this.saltsUsed === this.salts.length) {
      this.salts = this.entropy.bytes(SALT_BYTES * SALTS_PER_REFILL);
      this.saltsUsed = 0;
    }
    this.saltsUsed += SALT_BYTES;
    return this.salts.subarray(this.saltsUsed - SALT_BYTES, this.saltsUsed);
  }

  private entry(
    fact: Fact,
    actor: FactActor,
    operation: Operation | null,
    personalDigest: string,
  ): AuditEntry {
    const principal = operation?.principal ?? null;
    return {
      id: this.ids.next(),
      tenantId: uuid(fact.tenantId ?? principal?.tenantId ?? DEFAULT_TENANT_ID),
      occurredAt: this.clock.now().toISOString(),
      actorKind: actor.kind,
      actorId: actor.id,
      actorRole: fact.actor === undefined ? roleOf(principal) : null,
      onBehalfOf: fact.onBehalfOf ?? behalfOf(principal),
      delegationPath: fact.delegationPath ?? [],
      action: fact.declaration.action,
      resourceType: fact.declaration.resourceType,
      resourceId: fact.resourceId,
      departmentId: optionalUuid(fact.departmentId),
      gatewayId: optionalUuid(fact.gatewayId),
      gatewayName: fact.gatewayName ?? null,
      outcome: fact.outcome ?? 'success',
      requestId: operation?.requestId ?? null,
      approvalId: optionalUuid(fact.approvalId),
      commandId: optionalUuid(fact.commandId),
      eventCode: fact.eventCode ?? null,
      detail: detailText(fact, fact.detail),
      personalDigest,
    };
  }
}

const NOBODY: FactActor = { kind: 'anonymous', id: null, name: null };

/** Whoever really acts: with somebody else's identity on, still the one who put it on. */
function actorOf(operation: Operation | null): FactActor {
  const principal = operation?.principal ?? null;
  return principal === null ? NOBODY : (principal.actor ?? principal);
}

function roleOf(principal: Principal | null): string | null {
  if (principal?.actor !== undefined) return principal.actor.role ?? null;
  return principal?.roles[0] ?? null;
}

function behalfOf(principal: Principal | null): readonly string[] {
  return principal?.actor === undefined ? [] : [`${principal.kind}:${principal.id}`];
}

function personalPart(fact: Fact, actor: FactActor, operation: Operation | null): PersonalPart {
  return {
    actorName: cut(actor.name, 254),
    clientIp: cut(operation?.clientIp ?? null, 64),
    userAgent: cut(operation?.userAgent ?? null, 512),
    detail: fact.personal === undefined ? null : detailText(fact, fact.personal),
  };
}

function detailText(fact: Fact, detail: unknown): string {
  const text = canonicalJson(detail);
  if (Buffer.byteLength(text) > LARGEST_DETAIL_BYTES) {
    throw new Error(
      `The detail of ${fact.declaration.action} is larger than 16 KiB; keep the large part elsewhere.`,
    );
  }
  return text;
}

/** Never between the halves of a surrogate pair, which would leave text that no database stores. */
function cut(text: string | null, length: number): string | null {
  if (text === null || text.length <= length) return text;
  const lastIsHalf = /[\ud800-\udbff]/.test(text[length - 1]);
  return text.slice(0, lastIsHalf ? length - 1 : length);
}

/** The one spelling PostgreSQL gives back: another one would be hashed but never read again. */
function uuid(id: string): string {
  return id.toLowerCase();
}

function optionalUuid(id: string | undefined): string | null {
  return id === undefined ? null : uuid(id);
}
