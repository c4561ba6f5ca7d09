import { fact } from '../../../kernel/events/index.js';

interface Followed {
  filter: Record<string, string | number>;
  fromSeq: number;
}

export class AuditFollowed extends fact<Followed>({
  action: 'audit.follow',
  resourceType: 'audit_log',
  summary: 'Somebody began to receive audit entries as they are sealed.',
  public: false,
  detail: {
    filter: { type: 'object', additionalProperties: true, description: 'Which entries were asked for.' },
    fromSeq: { type: 'integer', description: 'Place in the log of the first.' },
  },
  example: { filter: { outcome: 'denied' }, fromSeq: 4711 },
}) {}
