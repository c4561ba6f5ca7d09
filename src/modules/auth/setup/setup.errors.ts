import { problem } from '../../../kernel/problem/index.js';

export class SetupDone extends problem({
  status: 409,
  code: 'setup_done',
  title: 'The installation is set up already',
  meaning: 'There are users; the set-up token creates only the very first administrator.',
  remedy: 'Sign in, or ask an administrator for an invitation.',
}) {}
