import type { FullEntry } from '../audit-entry.dto.js';
import { detailsOf } from '../entry-details.js';
import type { LinkName } from './entry-context.dto.js';

type Kind = Pick<FullEntry, 'resourceType' | 'action' | 'resourceId' | 'commandId' | 'approvalId' | 'detail'>;

const CREDENTIAL_TYPES = /^(credential|phantom|ssh_key|secret)/;

/** Which part of the chain an entry tells about; null when it is none of them. */
export function linkOf(entry: Kind): LinkName | null {
  if (outputDigestOf(entry) !== null) return 'output';
  if (entry.resourceType === 'delegation') return 'delegation';
  if (entry.resourceType === 'approval') return 'approval';
  if (CREDENTIAL_TYPES.test(entry.resourceType)) return 'credentialUse';
  if (isCommand(entry)) return 'command';
  return null;
}

export function isCommand({ resourceType }: Pick<Kind, 'resourceType'>): boolean {
  return resourceType === 'command' || resourceType === 'command_request';
}

/** SHA-256 of what a command wrote, which the entry about its end carries. */
export function outputDigestOf({ detail }: Pick<Kind, 'detail'>): string | null {
  if (!detail.includes('"outputSha256"')) return null;
  const { outputSha256 = null } = detailsOf(detail) ?? {};
  return typeof outputSha256 === 'string' ? outputSha256 : null;
}

/** The command an entry belongs to, whether it says so or is about it. */
export function commandOf(entry: Kind): string | null {
  return entry.commandId ?? (isCommand(entry) ? entry.resourceId : null);
}

export function approvalOf(entry: Kind): string | null {
  return entry.approvalId ?? (entry.resourceType === 'approval' ? entry.resourceId : null);
}

const STOPS = new Set(['approval.reject', 'approval.expire', 'approval.cancel', 'command.cancel']);

/** Whether a command cannot have run any more after this: it was refused, withdrawn, or nobody decided in time. */
export function isStop({ action, outcome, ...entry }: Kind & Pick<FullEntry, 'outcome'>): boolean {
  const isDenied = outcome === 'denied' && linkOf({ action, ...entry }) === 'command';
  return isDenied || STOPS.has(action);
}
