import { fact } from '../../../kernel/events/index.js';

const resourceType = 'trust_window';

export interface TrustDetail {
  principal: string;
  pattern: string | null;
  digest: string | null;
  maxUses: number;
  expiresAt: string;
}

export class TrustGranted extends fact<TrustDetail>({
  action: 'trust_window.grant',
  resourceType,
  summary:
    'An approver let a principal run some commands without being asked, for a while and so many times.',
  public: true,
  detail: {
    principal: { type: 'string', description: '`kind:id`.' },
    pattern: { type: ['string', 'null'] },
    digest: { type: ['string', 'null'] },
    maxUses: { type: 'integer', minimum: 1 },
    expiresAt: { type: 'string', format: 'date-time' },
  },
  example: {
    principal: 'service:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22',
    pattern: 'npm publish',
    digest: null,
    maxUses: 10,
    expiresAt: '2026-01-05T09:42:00.000Z',
  },
}) {}

export class TrustUsed extends fact<{ used: number; maxUses: number }>({
  action: 'trust_window.use',
  resourceType,
  summary: 'A command was allowed because an approver trusts it for a while.',
  public: true,
  detail: { used: { type: 'integer', minimum: 1 }, maxUses: { type: 'integer', minimum: 1 } },
  example: { used: 1, maxUses: 10 },
}) {}

export class TrustRevoked extends fact<Record<string, never>>({
  action: 'trust_window.revoke',
  resourceType,
  summary: 'A trust window was taken back before its end.',
  public: true,
  detail: {},
  example: {},
}) {}
