import type { BindingDetail } from '../rbac.events.js';
import { RoleUnbound } from '../rbac.events.js';
import type { NamedBinding } from './role-bindings.repository.js';

/** What the log tells about a binding. */
export function detailOf(binding: Omit<NamedBinding, 'permissions' | 'roleId' | 'tenantId'>): BindingDetail {
  const { subjectKind, subjectId, role, scopeKind, scopeId, effect } = binding;
  return { subjectKind, subjectId, role, scopeKind, scopeId, effect };
}

export function unbound(binding: NamedBinding): RoleUnbound {
  return new RoleUnbound({
    resourceId: binding.id,
    detail: detailOf(binding),
    ...(binding.scopeKind === 'gateway' && binding.scopeId !== null ? { gatewayId: binding.scopeId } : {}),
    ...(binding.scopeKind === 'department' && binding.scopeId !== null
      ? { departmentId: binding.scopeId }
      : {}),
  });
}
