import { fact } from '../../../kernel/events/index.js';

const resourceType = 'user';

export class UserUpdated extends fact<{ changed: string[] }>({
  action: 'user.update',
  resourceType,
  summary: 'Name, mail address or roles of a user were changed.',
  public: true,
  detail: { changed: { type: 'array', items: { enum: ['email', 'roles', 'username'] } } },
  example: { changed: ['roles'] },
}) {}

export class TerminalFlagsChanged extends fact<{
  isTerminalAuthorized: boolean;
  isServerTerminalAuthorized: boolean;
}>({
  action: 'user.terminal_flags',
  resourceType,
  summary: 'It was changed where commands of a user may run.',
  public: true,
  detail: { isTerminalAuthorized: { type: 'boolean' }, isServerTerminalAuthorized: { type: 'boolean' } },
  example: { isTerminalAuthorized: true, isServerTerminalAuthorized: false },
}) {}

export class UserDisabled extends fact<{ reason: string; revokedKeys: number }>({
  action: 'user.disable',
  resourceType,
  summary: 'A user was disabled: sessions, keys and open tokens are gone for good.',
  public: true,
  detail: { reason: { type: 'string' }, revokedKeys: { type: 'integer', minimum: 0 } },
  example: { reason: 'disabled_by_admin', revokedKeys: 1 },
}) {}

export class UserEnabled extends fact<Record<string, never>>({
  action: 'user.enable',
  resourceType,
  summary: 'A disabled user may sign in again.',
  public: true,
  detail: {},
  example: {},
}) {}

export class UserDeleted extends fact<{ revokedKeys: number }>({
  action: 'user.delete',
  resourceType,
  summary: 'A user was deleted: sessions, keys, roles and open tokens are gone, the name is free.',
  public: true,
  detail: { revokedKeys: { type: 'integer', minimum: 0 } },
  example: { revokedKeys: 1 },
}) {}

export class UserUndeleted extends fact<Record<string, never>>({
  action: 'user.undelete',
  resourceType,
  summary: 'A deleted user was brought back, without sessions, keys and roles.',
  public: true,
  detail: {},
  example: {},
}) {}
