import type { ApiTag } from './kernel/http/index.js';

/** The chapters of the API documentation. */
export const API_TAGS: readonly ApiTag[] = [
  { name: 'Administration', description: 'What operators ask about the installation itself.' },
  { name: 'API keys', description: 'Keys with which a user lets programs act in their name.' },
  { name: 'Audit', description: 'What happened, who did it, and with what outcome.' },
  {
    name: 'Authentication',
    description: 'Proving who one is: signing in and out, refreshing, passwords, invitations.',
  },
  { name: 'Authorisation', description: 'Who may do what, and why.' },
  { name: 'Device pairing', description: 'How a program on another device gets a key of a person.' },
  { name: 'Groups', description: 'Users and services that are given roles together.' },
  { name: 'Health', description: 'What balancers, orchestrators and monitoring ask.' },
  { name: 'Impersonation', description: 'Seeing the service as another user does, on record.' },
  { name: 'Keys', description: 'Public keys with which others verify our tokens.' },
  { name: 'Problems', description: 'The pages that the `type` of each problem points at.' },
  { name: 'Role bindings', description: 'Who has which role, and where.' },
  { name: 'Roles', description: 'Permissions and the roles that bundle them.' },
  { name: 'Service principals', description: 'Programs that act in their own name, and their keys.' },
  { name: 'Sessions', description: 'Where users are signed in.' },
  { name: 'Settings', description: 'What a tenant has decided for itself.' },
  {
    name: 'Terminal',
    description: 'Commands: what would be decided, what was asked for, and what became of it.',
  },
  { name: 'Terminal approvals', description: 'Commands that wait for a person, and those who decide.' },
  { name: 'Terminal rules', description: 'What runs without being asked about, and what nobody may run.' },
  { name: 'Users', description: 'People who can sign in.' },
];
