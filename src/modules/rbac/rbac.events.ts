import { fact } from '../../kernel/events/index.js';

export class RoleDefined extends fact<{ name: string; permissions: string[] }>({
  action: 'role.define',
  resourceType: 'role',
  summary: 'A built-in role was written, or adapted to the permissions that this version knows.',
  public: false,
  detail: {
    name: { type: 'string' },
    permissions: { type: 'array', items: { type: 'string' } },
  },
  example: { name: 'approver', permissions: ['terminal.approve', 'terminal.read'] },
}) {}

const permissionList = { type: 'array', items: { type: 'string' } } as const;

export class RoleCreated extends fact<{ name: string; permissions: string[] }>({
  action: 'role.create',
  resourceType: 'role',
  summary: 'A role was created.',
  public: true,
  detail: { name: { type: 'string' }, permissions: permissionList },
  example: { name: 'release manager', permissions: ['operation.read', 'operation.write'] },
}) {}

export class RoleUpdated extends fact<{
  name: string;
  changed: string[];
  added: string[];
  removed: string[];
}>({
  action: 'role.update',
  resourceType: 'role',
  summary: 'A role was changed, and with it the rights of everybody who has it.',
  public: true,
  detail: {
    name: { type: 'string', description: 'The name after the change.' },
    changed: { type: 'array', items: { enum: ['description', 'name', 'permissions'] } },
    added: { ...permissionList, description: 'Permissions that the role has gained.' },
    removed: { ...permissionList, description: 'Permissions that the role has lost.' },
  },
  example: { name: 'release manager', changed: ['permissions'], added: ['sandbox.write'], removed: [] },
}) {}

export class RoleDeleted extends fact<{ name: string }>({
  action: 'role.delete',
  resourceType: 'role',
  summary: 'A role that nobody had was deleted.',
  public: true,
  detail: { name: { type: 'string' } },
  example: { name: 'release manager' },
}) {}

export class GroupCreated extends fact<{ name: string }>({
  action: 'group.create',
  resourceType: 'group',
  summary: 'A group was created.',
  public: true,
  detail: { name: { type: 'string' } },
  example: { name: 'Release managers' },
}) {}

export class GroupUpdated extends fact<{ name: string; changed: string[] }>({
  action: 'group.update',
  resourceType: 'group',
  summary: 'Name or description of a group were changed.',
  public: true,
  detail: {
    name: { type: 'string', description: 'The name after the change.' },
    changed: { type: 'array', items: { enum: ['description', 'name'] } },
  },
  example: { name: 'Release managers', changed: ['name'] },
}) {}

export class GroupDeleted extends fact<{ name: string; members: number }>({
  action: 'group.delete',
  resourceType: 'group',
  summary: 'A group was deleted; its members lost what they had through it.',
  public: true,
  detail: { name: { type: 'string' }, members: { type: 'integer', minimum: 0 } },
  example: { name: 'Release managers', members: 4 },
}) {}

interface MembershipDetail {
  group: string;
  kind: string;
  principalId: string;
}

const membership = {
  group: { type: 'string', description: 'Name of the group.' },
  kind: { type: 'string', enum: ['user', 'service'] },
  principalId: { type: 'string', format: 'uuid' },
} as const;

const membershipExample: MembershipDetail = {
  group: 'Release managers',
  kind: 'user',
  principalId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
};

export class MemberAdded extends fact<MembershipDetail>({
  action: 'group_member.create',
  resourceType: 'group',
  summary: 'A user or a service joined a group and has its roles from now on.',
  public: true,
  detail: membership,
  example: membershipExample,
}) {}

export class MemberRemoved extends fact<MembershipDetail>({
  action: 'group_member.delete',
  resourceType: 'group',
  summary: 'A user or a service left a group, or was deleted.',
  public: true,
  detail: membership,
  example: membershipExample,
}) {}

export interface BindingDetail {
  subjectKind: string;
  subjectId: string;
  role: string;
  scopeKind: string;
  scopeId: string | null;
  effect: string;
}

const bindingSchema = {
  subjectKind: { type: 'string', enum: ['user', 'group', 'service'] },
  subjectId: { type: 'string', format: 'uuid' },
  role: { type: 'string', description: 'Name of the role.' },
  scopeKind: { type: 'string', enum: ['global', 'gateway', 'department'] },
  scopeId: { type: ['string', 'null'] },
  effect: { type: 'string', enum: ['allow', 'deny'] },
} as const;

const example: BindingDetail = {
  subjectKind: 'user',
  subjectId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  role: 'operator',
  scopeKind: 'global',
  scopeId: null,
  effect: 'allow',
};

export class RoleBound extends fact<BindingDetail & { expiresAt: string | null }>({
  action: 'role_binding.create',
  resourceType: 'role_binding',
  summary: 'A role was given to somebody, or denied to them.',
  public: true,
  detail: { ...bindingSchema, expiresAt: { type: ['string', 'null'], description: 'When it ends.' } },
  example: { ...example, expiresAt: null },
}) {}

export class RoleUnbound extends fact<BindingDetail>({
  action: 'role_binding.delete',
  resourceType: 'role_binding',
  summary: 'A binding was ended, or went with the one who had it or with the place it was for.',
  public: true,
  detail: bindingSchema,
  example,
}) {}

export class EndedBindingCleared extends fact<BindingDetail & { endedAt: string }>({
  action: 'role_binding.expire',
  resourceType: 'role_binding',
  summary: 'A binding that had ended long ago was cleared away.',
  public: true,
  detail: { ...bindingSchema, endedAt: { type: 'string', format: 'date-time' } },
  example: { ...example, endedAt: '2026-01-05T09:12:00.000Z' },
}) {}
