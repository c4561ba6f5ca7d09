import { fact } from '../../../kernel/events/index.js';

const resourceType = 'user';

export class PasswordChanged extends fact<Record<string, never>>({
  action: 'user.password_change',
  resourceType,
  summary: 'A user changed their password; their other sessions ended.',
  public: true,
  detail: {},
  example: {},
}) {}

export class PasswordResetRequested extends fact<{ expiresAt: string }>({
  action: 'user.password_forgot',
  resourceType,
  summary: 'A mail with a token for choosing a new password was sent to a user.',
  public: true,
  detail: { expiresAt: { type: 'string', format: 'date-time' } },
  example: { expiresAt: '2026-01-05T10:12:00.000Z' },
}) {}

export class PasswordReset extends fact<Record<string, never>>({
  action: 'user.password_reset',
  resourceType,
  summary: 'A user chose a new password with a mailed token; all their sessions ended.',
  public: true,
  detail: {},
  example: {},
}) {}
