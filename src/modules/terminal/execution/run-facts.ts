import type { CommandRequest } from '../commands/command-request.entity.js';

/** What all facts of a run say: the service does it, for the one who asked. */
export function aboutRun(command: CommandRequest) {
  const { id, tenantId, approvalId, gatewayId, principalKind, principalId } = command;
  return {
    resourceId: id,
    commandId: id,
    tenantId,
    approvalId: approvalId ?? undefined,
    gatewayId: gatewayId ?? undefined,
    onBehalfOf: [`${principalKind}:${principalId}`],
  };
}
