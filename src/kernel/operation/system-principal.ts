import { PermissionSet } from './permission-set.js';
import type { Principal } from './principal.js';
import { DEFAULT_TENANT_ID } from './tenant.js';

/**
 * The service itself, when it acts without anybody asking: `name` is the job, schedule or part that acts. It holds no
 * permissions, because code that runs in it calls use cases, not routes.
 */
export function systemPrincipal(name: string, tenantId: string = DEFAULT_TENANT_ID): Principal {
  return {
    kind: 'system',
    id: name,
    name,
    tenantId,
    roles: [],
    permissions: PermissionSet.of([]),
    credential: { kind: 'system' },
  };
}
