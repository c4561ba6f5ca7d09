import { definePermissions } from '../../kernel/access/index.js';

export const settingsPermissions = definePermissions({
  'settings.write': {
    description: 'Read and change the settings of the tenant.',
    level: 'ADMIN',
    holders: [],
  },
});
