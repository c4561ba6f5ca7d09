import { fact } from '../../../kernel/events/index.js';

const resourceType = 'user';

export class UserInvited extends fact<{ roles: string[]; reissued: boolean; expiresAt: string }>({
  action: 'user.invite',
  resourceType,
  summary: 'A user was invited, or got a new invitation in place of the older one.',
  public: true,
  detail: {
    roles: { type: 'array', items: { type: 'string' } },
    reissued: { type: 'boolean' },
    expiresAt: { type: 'string', format: 'date-time' },
  },
  example: { roles: ['operator'], reissued: false, expiresAt: '2026-01-08T09:12:00.000Z' },
}) {}

export class InviteAccepted extends fact<Record<string, never>>({
  action: 'user.invite_accept',
  resourceType,
  summary: 'An invited user chose a password and signed in for the first time.',
  public: true,
  detail: {},
  example: {},
}) {}
