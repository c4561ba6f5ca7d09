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

export class RegistrationRepeated extends fact<Record<string, never>>({
  action: 'user.register_again',
  resourceType,
  summary:
    'An address whose account was never confirmed was registered once more and got a token of its own.',
  public: true,
  detail: {},
  example: {},
}) {}

export class EmailVerified extends fact<Record<string, never>>({
  action: 'user.verify',
  resourceType,
  summary:
    'A registered user proved to read the mailbox; the password of that registration is now the account’s.',
  public: true,
  detail: {},
  example: {},
}) {}
