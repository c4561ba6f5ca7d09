import { fact } from '../../../kernel/events/index.js';

interface Exported {
  format: string;
  filter: Record<string, string | number>;
}

export class AuditExported extends fact<Exported>({
  action: 'audit.export',
  resourceType: 'audit_log',
  summary: 'Somebody began to take a copy of audit entries.',
  public: false,
  detail: {
    format: { type: 'string', description: 'What the file is: ndjson, json or csv.' },
    filter: { type: 'object', additionalProperties: true, description: 'Which entries were asked for.' },
  },
  example: { format: 'csv', filter: { action: 'user.*' } },
}) {}
