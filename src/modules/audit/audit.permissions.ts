import { definePermissions } from '../../kernel/access/index.js';

export const auditPermissions = definePermissions({
  'audit.read': {
    description: 'Read the audit log.',
    level: 'READ',
    holders: ['auditor'],
  },
});
