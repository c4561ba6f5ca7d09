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

export class RoleBound extends fact<BindingDetail>({
  action: 'role_binding.create',
  resourceType: 'role_binding',
  summary: 'A role was given to somebody.',
  public: true,
  detail: bindingSchema,
  example,
}) {}

export class RoleUnbound extends fact<BindingDetail>({
  action: 'role_binding.delete',
  resourceType: 'role_binding',
  summary: 'A role was taken from somebody, or went with the one who had it.',
  public: true,
  detail: bindingSchema,
  example,
}) {}
