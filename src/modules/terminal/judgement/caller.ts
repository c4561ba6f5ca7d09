import type { Principal } from '../../../kernel/operation/index.js';

/** Whoever wants a command to run. */
export interface Caller {
  readonly kind: 'user' | 'service' | 'agent';
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  /** The person whom an agent acts for: the agent has what that person may, and never more. */
  readonly delegatorId: string | null;
}

export function callerOf(principal: Principal): Caller {
  const { kind, id, name, tenantId, actor } = principal;
  if (kind === 'system') throw new Error('The service itself asks for no commands.');
  return { kind, id, name, tenantId, delegatorId: kind === 'agent' ? (actor?.id ?? null) : null };
}

/** As it was when a command was asked for. */
export function storedCaller(row: {
  readonly principalKind: Caller['kind'];
  readonly principalId: string;
  readonly principalName: string;
  readonly tenantId: string;
  readonly delegatorId: string | null;
}): Caller {
  return {
    kind: row.principalKind,
    id: row.principalId,
    name: row.principalName,
    tenantId: row.tenantId,
    delegatorId: row.delegatorId,
  };
}
