import { definePermissions } from '../../../kernel/access/index.js';

export const impersonationPermissions = definePermissions({
  'admin.impersonate': {
    description: 'See the service as another user does, for a quarter of an hour.',
    level: 'ADMIN',
    holders: ['support'],
    sensitive: true,
  },
});

export const { 'admin.impersonate': IMPERSONATE } = impersonationPermissions;
