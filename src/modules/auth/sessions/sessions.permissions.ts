import { definePermissions } from '../../../kernel/access/index.js';

export const sessionPermissions = definePermissions({
  'session.read': {
    description: 'See where users are signed in.',
    level: 'READ',
    holders: ['support', 'auditor'],
  },
  'session.revoke': {
    description: 'End sessions of other users.',
    level: 'ADMIN',
    holders: [],
  },
});
