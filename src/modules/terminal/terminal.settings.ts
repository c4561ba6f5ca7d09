import { defineIntegerSetting, defineSetting } from '../../kernel/settings/index.js';

const DAY = 24 * 3600;

export const approvalsTtlSeconds = defineIntegerSetting<number>({
  key: 'approvals.ttlSeconds',
  description: 'Seconds for which a command waits for a person.',
  minimum: 30,
  maximum: DAY,
  default: (configuration) => configuration.approvalTtlSeconds,
});

export const approvalsRequired = defineIntegerSetting<number>({
  key: 'approvals.required',
  description: 'How many different people have to agree to a command.',
  minimum: 1,
  maximum: 20,
  default: () => 1,
});

const MOST_ROLES = 20;
const LONGEST_ROLE = 64;

export const approvalsRequiredRoles = defineSetting<string[]>({
  key: 'approvals.requiredRoles',
  description:
    'Names of roles of which a voter must have one; compared exactly, so that an admin is not meant unless named. Empty: everybody who may approve.',
  schema: {
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: LONGEST_ROLE },
    maxItems: MOST_ROLES,
  },
  default: () => [],
  refusal: (value) =>
    Array.isArray(value) && value.length <= MOST_ROLES && value.every(isRoleName)
      ? null
      : `This must be a list of at most ${MOST_ROLES} names of roles.`,
});

export const approvalsEscalateAfterSeconds = defineIntegerSetting<number | null>({
  key: 'approvals.escalateAfterSeconds',
  description:
    'Seconds after which a command that nobody has decided about is announced once more; without it that never happens.',
  minimum: 10,
  maximum: DAY,
  default: () => null,
});

export const delegatorMayApprove = defineSetting<boolean>({
  key: 'approvals.delegatorMayApprove',
  description: 'Whether the person whom an agent acts for may approve the commands of that agent.',
  schema: { type: 'boolean' },
  default: () => false,
  refusal: (value) => (typeof value === 'boolean' ? null : 'This must be true or false.'),
});

export const nonInteractiveDefault = defineSetting<'approve' | 'deny'>({
  key: 'terminal.nonInteractiveDefault',
  description:
    "What becomes of a command on the caller's own machine that nobody there can confirm: it waits for an approver, or is denied.",
  schema: { type: 'string', enum: ['approve', 'deny'] },
  default: () => 'approve',
  refusal: (value) => (value === 'approve' || value === 'deny' ? null : 'This must be approve or deny.'),
});

function isRoleName(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_ROLE;
}
