import type { FullEntry } from '../audit-entry.dto.js';

/** An entry as docs/audit-format.md exports it: the values that are hashed, and what goes with them. */
export function exportedEntry(entry: FullEntry, withPersonal = true): object {
  return {
    seq: entry.seq === null ? null : Number(entry.seq),
    id: entry.id,
    tenantId: entry.tenantId,
    occurredAt: entry.occurredAt,
    actorKind: entry.actorKind,
    actorId: entry.actorId,
    actorRole: entry.actorRole,
    onBehalfOf: entry.onBehalfOf,
    delegationPath: entry.delegationPath,
    action: entry.action,
    resourceType: entry.resourceType,
    resourceId: entry.resourceId,
    departmentId: entry.departmentId,
    gatewayId: entry.gatewayId,
    gatewayName: entry.gatewayName,
    outcome: entry.outcome,
    requestId: entry.requestId,
    approvalId: entry.approvalId,
    commandId: entry.commandId,
    eventCode: entry.eventCode,
    detail: entry.detail,
    personalDigest: entry.personalDigest?.toString('hex') ?? null,
    personal: withPersonal ? personalOf(entry) : null,
    leafHash: entry.leafHash.toString('hex'),
  };
}

function personalOf({ salt, actorName, clientIp, personal, userAgent }: FullEntry): object | null {
  if (salt === null) return null;
  return { salt: salt.toString('hex'), actorName, clientIp, detail: personal, userAgent };
}
