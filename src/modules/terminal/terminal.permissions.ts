import { definePermissions } from '../../kernel/access/index.js';

export const terminalPermissions = definePermissions({
  'terminal.read': {
    description: 'See commands and verdicts of everybody.',
    level: 'READ',
    holders: ['approver', 'auditor'],
  },
  'terminal.run': { description: 'Ask for commands to be run.', level: 'MUTATE', holders: ['member'] },
  'terminal.approve': {
    description: 'Decide commands that wait for a person.',
    level: 'ADMIN',
    holders: ['approver'],
    sensitive: true,
    delegable: false,
  },
  'terminal.policy': {
    description: 'Write the rules that commands are judged by.',
    level: 'ADMIN',
    holders: [],
  },
});
