import { problem } from '../../../kernel/problem/index.js';

export class KeyNotActive extends problem({
  status: 409,
  code: 'key_not_active',
  title: 'The key is not active',
  meaning: 'The key was revoked, has expired, or was rotated already: it cannot be rotated.',
  remedy: 'Rotate the key that took its place, or create a new one.',
}) {}
