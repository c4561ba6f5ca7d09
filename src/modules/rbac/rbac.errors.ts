import { problem } from '../../kernel/problem/index.js';

export class UnknownRole extends problem({
  status: 422,
  code: 'unknown_role',
  title: 'There is no such role',
  meaning: 'A role was named that the tenant does not have.',
  remedy: 'Use the names that GET /api/v1/roles lists.',
}) {
  /** @param index position in the `roles` of the body */
  constructor(name: string, index: number) {
    const message = `There is no role called ${JSON.stringify(name)}.`;
    super(message, { errors: [{ in: 'body', pointer: `/roles/${index}`, code: 'unknown_role', message }] });
  }
}

export class GrantExceedsOwn extends problem({
  status: 403,
  code: 'grant_exceeds_own',
  title: 'Nobody grants what they do not hold',
  meaning: 'The role contains a permission that the caller lacks, so the caller cannot give it to anybody.',
  remedy: 'Ask somebody who holds every permission of the role.',
}) {
  constructor(role: string, missing: readonly string[]) {
    super(`The role ${role} contains what you do not hold: ${missing.join(', ')}.`);
  }
}

export class OwnRoles extends problem({
  status: 403,
  code: 'own_roles',
  title: 'Nobody changes their own roles',
  meaning: 'The roles that were to be changed are those of the caller.',
  remedy: 'Ask another administrator.',
}) {}

export class LastAdmin extends problem({
  status: 409,
  code: 'last_admin',
  title: 'The tenant would be left without an administrator',
  meaning:
    'Nobody else who can sign in has the role admin for good, so this user cannot lose it or be taken away.',
  remedy: 'Make somebody else an admin first.',
}) {
  constructor() {
    super('This is the last admin who can sign in.');
  }
}
