import { fact } from '../../../kernel/events/index.js';

/** `resourceId` is the id of the person. */
export class AuditErased extends fact<{ entries: number }>({
  action: 'audit.erase',
  resourceType: 'user',
  summary: 'The personal parts of audit entries by or about a person were erased. The entries stay.',
  public: false,
  detail: { entries: { type: 'integer', description: 'How many entries had one.' } },
  example: { entries: 42 },
}) {}
