import { definePermissions } from '../../kernel/access/index.js';

export const authPermissions = definePermissions({
  'user.read': {
    description: 'See the users of the tenant.',
    level: 'READ',
    holders: ['support', 'auditor'],
  },
  'user.write': {
    description: 'Invite, change, disable and delete users.',
    level: 'ADMIN',
    holders: [],
  },
  'service.read': {
    description: 'See service principals and what their keys may do, never the keys.',
    level: 'READ',
    holders: ['auditor'],
  },
  'service.write': {
    description: 'Create and change service principals, and issue, rotate and revoke their keys.',
    level: 'ADMIN',
    holders: [],
  },
});
