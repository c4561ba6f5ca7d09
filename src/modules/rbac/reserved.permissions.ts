import { type BuiltInRole, definePermissions } from '../../kernel/access/index.js';

const READERS: readonly BuiltInRole[] = ['viewer', 'operator', 'approver', 'auditor'];

/**
 * Permissions of the parts that are not here yet. Built-in roles and the roles that tenants compose are a promise
 * that should not change with every part that arrives; a part takes its permissions over when it comes.
 */
export const reservedPermissions = definePermissions({
  'gateway.read': { description: 'See gateways.', level: 'READ', holders: READERS },
  'gateway.write': { description: 'Register, change and remove gateways.', level: 'ADMIN', holders: [] },
  'sandbox.read': { description: 'See sandboxes behind gateways.', level: 'READ', holders: READERS },
  'sandbox.write': {
    description: 'Create, change and delete sandboxes.',
    level: 'MUTATE',
    holders: ['operator'],
  },
  'operation.read': { description: 'See long-running operations.', level: 'READ', holders: READERS },
  'operation.write': { description: 'Start and cancel operations.', level: 'MUTATE', holders: ['operator'] },
  'policy.read': { description: 'See the policies of gateways.', level: 'READ', holders: READERS },
  'delegation.read': {
    description: 'See the delegations of everybody.',
    level: 'READ',
    holders: ['auditor'],
  },
  'delegation.create': {
    description: "Lend a slice of one's own rights to an agent.",
    level: 'PROPOSE',
    holders: ['member'],
    sensitive: true,
  },
  'delegation.revoke': { description: 'End delegations of others.', level: 'ADMIN', holders: [] },
  'department.read': { description: 'See all departments.', level: 'READ', holders: ['auditor'] },
  'department.write': {
    description: 'Create, move, change and delete departments.',
    level: 'ADMIN',
    holders: [],
  },
  'department.member': { description: 'Decide who is in a department.', level: 'ADMIN', holders: [] },
  'quota.write': { description: 'Set the quotas of departments.', level: 'ADMIN', holders: [] },
  'usage.write': {
    description: 'Reserve and settle usage in the name of others.',
    level: 'MUTATE',
    holders: [],
  },
  'skill.write': { description: 'Switch skills on and off.', level: 'ADMIN', holders: [] },
  'webhook.read': { description: 'See webhooks and their deliveries.', level: 'READ', holders: ['auditor'] },
  'webhook.write': { description: 'Create, change and delete webhooks.', level: 'ADMIN', holders: [] },
  'system.read': {
    description: 'See jobs, schedules and the state of the service.',
    level: 'READ',
    holders: ['auditor'],
  },
  'system.write': { description: 'Run, retry and cancel jobs.', level: 'ADMIN', holders: [] },
});
