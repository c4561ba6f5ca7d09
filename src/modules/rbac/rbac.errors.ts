import type { PermissionScope } from '../../kernel/access/index.js';
import { type FieldError, problem } from '../../kernel/problem/index.js';

export class UnknownPermission extends problem({
  status: 422,
  code: 'unknown_permission',
  title: 'There is no such permission',
  meaning: 'A permission was named that the catalogue does not have.',
  remedy: 'Use the names that GET /api/v1/permissions lists.',
}) {
  constructor(unknown: readonly (Pick<FieldError, 'in' | 'pointer'> & { readonly name: string })[]) {
    const errors = unknown.map(({ name, in: place, pointer }) => {
      const message = `There is no permission ${JSON.stringify(name)}; GET /api/v1/permissions lists those there are.`;
      return { in: place, pointer, code: 'unknown_permission', message };
    });
    super(errors[0]?.message, { errors });
  }
}

export class UnknownRole extends problem({
  status: 422,
  code: 'unknown_role',
  title: 'There is no such role',
  meaning: 'A role was named that the tenant does not have.',
  remedy: 'Use the names or identifiers that GET /api/v1/roles lists.',
}) {
  /** @param pointer where in the body it was named */
  constructor(role: string, pointer: string) {
    const message = `There is no role ${JSON.stringify(role)}.`;
    super(message, { errors: [{ in: 'body', pointer, code: 'unknown_role', message }] });
  }
}

export class UnknownSubject extends problem({
  status: 422,
  code: 'unknown_subject',
  title: 'There is no such user, service or group',
  meaning: 'A user, service or group was named that the tenant does not have.',
  remedy: 'Use the identifiers that GET /api/v1/users, /service-principals and /groups list.',
}) {
  constructor(kind: string, pointer: string) {
    const message = `There is no ${kind} with this identifier.`;
    super(message, { errors: [{ in: 'body', pointer, code: 'unknown_subject', message }] });
  }
}

export class UnknownScope extends problem({
  status: 422,
  code: 'unknown_scope',
  title: 'There is no such place',
  meaning: 'A gateway or department was named that the tenant does not have.',
  remedy: 'Use the identifier of an existing gateway or department.',
}) {
  constructor(kind: string) {
    const message = `There is no ${kind} with this identifier.`;
    super(message, { errors: [{ in: 'body', pointer: '/scopeId', code: 'unknown_scope', message }] });
  }
}

export class GrantExceedsOwn extends problem({
  status: 403,
  code: 'grant_exceeds_own',
  title: 'Nobody grants what they do not hold',
  meaning:
    'The change would give somebody a permission that the caller lacks, or give back one that was taken from them.',
  remedy: 'Ask somebody who holds every permission that the detail lists.',
}) {
  /** @param lead such as `The role viewer contains` */
  constructor(lead: string, missing: readonly string[], scope: PermissionScope | null = null) {
    const where = scope === null ? '' : ` on the ${scope.kind} ${scope.id}`;
    super(`${lead} what you do not hold${where}: ${missing.join(', ')}.`);
  }
}

export class OwnRoles extends problem({
  status: 403,
  code: 'own_roles',
  title: 'Nobody changes their own roles',
  meaning:
    'What was to be changed decides about the rights of the caller, perhaps through a group or a role.',
  remedy: 'Ask another administrator.',
}) {}

export class LastAdmin extends problem({
  status: 409,
  code: 'last_admin',
  title: 'The tenant would be left without an administrator',
  meaning:
    'Nobody else who can sign in would have the role admin for good, so this user cannot lose it or be taken away.',
  remedy: 'Make somebody else an admin first.',
}) {
  constructor() {
    super('This is the last admin who can sign in.');
  }
}

export class RoleNameTaken extends problem({
  status: 409,
  code: 'role_name_taken',
  title: 'The name of the role is taken',
  meaning:
    'Another role has this name, perhaps in another spelling: case, width and blanks make no difference.',
  remedy: 'Choose another name.',
}) {}

export class BuiltInRole extends problem({
  status: 409,
  code: 'built_in_role',
  title: 'Built-in roles stay as they are',
  meaning: 'The role comes with the service and cannot be changed or deleted.',
  remedy: 'Create a role of your own with the permissions you need.',
}) {}

export class RoleInUse extends problem({
  status: 409,
  code: 'role_in_use',
  title: 'Somebody has the role',
  meaning: 'The role cannot be deleted while a binding refers to it.',
  remedy: 'Delete its bindings first; GET /api/v1/role-bindings?role=<id> lists them.',
}) {
  constructor() {
    super('Delete the bindings of the role first; GET /api/v1/role-bindings?role=<id> lists them.');
  }
}

export class GroupNameTaken extends problem({
  status: 409,
  code: 'group_name_taken',
  title: 'The name of the group is taken',
  meaning:
    'Another group has this name, perhaps in another spelling: case, width and blanks make no difference.',
  remedy: 'Choose another name.',
}) {}

export class BindingExists extends problem({
  status: 409,
  code: 'binding_exists',
  title: 'There is such a binding already',
  meaning: 'The same subject has the same role in the same place with the same effect.',
  remedy: 'Nothing needs to be done; to give it another end, delete the present one first.',
}) {}

export class ExpiryWouldWiden extends problem({
  status: 422,
  code: 'expiry_would_widen',
  title: 'The end of the binding would give rights back',
  meaning:
    'Without the binding somebody can do more than with it, or could once they are given more, as with every denial; so it must be ended by a person who may grant that, not by the clock.',
  remedy: 'Leave out expiresAt and delete the binding when its time has come.',
}) {
  constructor() {
    const message = 'When this binding ends somebody could do more than before, so it may not end by itself.';
    super(message, { errors: [{ in: 'body', pointer: '/expiresAt', code: 'expiry_would_widen', message }] });
  }
}
