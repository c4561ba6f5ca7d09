import { problem } from '../../../kernel/problem/index.js';

export class RegistrationClosed extends problem({
  status: 403,
  code: 'registration_closed',
  title: 'Registration is closed',
  meaning: 'Accounts are made by invitation here.',
  remedy: 'Ask an administrator for an invitation.',
}) {}
