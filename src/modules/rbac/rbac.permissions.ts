import { definePermissions } from '../../kernel/access/index.js';

export const rbacPermissions = definePermissions({
  'role.read': {
    description: 'See roles and what they contain.',
    level: 'READ',
    holders: ['auditor', 'support'],
  },
  'role.write': {
    description: "Create, change and delete roles of one's own making.",
    level: 'ADMIN',
    holders: [],
  },
  'role.bind': {
    description: 'Give roles to and take roles from users, groups and services.',
    level: 'ADMIN',
    holders: [],
    sensitive: true,
    delegable: false,
  },
  'group.read': {
    description: 'See groups and their members.',
    level: 'READ',
    holders: ['auditor', 'support'],
  },
  'group.write': {
    description: 'Create, change and delete groups and decide who is in them.',
    level: 'ADMIN',
    holders: [],
  },
  'authz.inspect': {
    description: 'Ask what somebody else may do, and why.',
    level: 'READ',
    holders: ['auditor', 'support'],
  },
});
