import { fact } from '../../../kernel/events/index.js';

/** `resourceId` is the key id. */
export class AuditKeyCreated extends fact<Record<string, never>>({
  action: 'audit_key.create',
  resourceType: 'audit_key',
  summary: 'The first key for signing checkpoints of the audit log was made.',
  public: true,
  detail: {},
  example: {},
}) {}

/** `resourceId` is the key id of the new key. */
export class AuditKeyRotated extends fact<{ previousKeyId: string; endorsed: boolean }>({
  action: 'audit_key.rotate',
  resourceType: 'audit_key',
  summary:
    'A new key signs the checkpoints of the audit log from now on; the private half of the previous one is gone.',
  public: true,
  detail: {
    previousKeyId: { type: 'string', description: 'The key that was replaced.' },
    endorsed: { type: 'boolean', description: 'Whether the previous key signed for the new one.' },
  },
  example: {
    previousKeyId: 'fe812c12f3ab4ce6ac5db69ac352f906cb1b11ef43fb33e252ef7ff552263889',
    endorsed: true,
  },
}) {}
