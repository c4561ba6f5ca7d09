import { fact } from '../../../kernel/events/index.js';

const resourceType = 'user';

export class UserRegistered extends fact<Record<string, never>>({
  action: 'user.register',
  resourceType,
  summary: 'Somebody registered; they can sign in once the mail address is verified.',
  public: true,
  detail: {},
  example: {},
}) {}

export class EmailVerified extends fact<Record<string, never>>({
  action: 'user.verify',
  resourceType,
  summary: 'A registered user proved to read the mailbox.',
  public: true,
  detail: {},
  example: {},
}) {}
