import { fact } from '../../../kernel/events/index.js';
import { IMPERSONATION_ENDS, type ImpersonationEnd } from './impersonation.entity.js';

const id = { type: 'string', format: 'uuid' } as const;
const actorId = { ...id, description: 'Who acts.' } as const;
const userId = { ...id, description: 'Whom they act as.' } as const;
const reason = { type: 'string', description: 'Why, in the words of who acts.' } as const;
const example = {
  actorId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c12',
  userId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  reason: 'Ticket 4711: the list of keys stays empty.',
};

export interface ImpersonationDetail {
  actorId: string;
  userId: string;
  reason: string;
}

export class ImpersonationStarted extends fact<ImpersonationDetail & { expiresAt: string }>({
  action: 'impersonation.start',
  resourceType: 'impersonation',
  summary: 'Somebody began to act as another user.',
  public: true,
  detail: {
    actorId,
    userId,
    reason,
    expiresAt: { type: 'string', format: 'date-time', description: 'When it ends at the latest.' },
  },
  example: { ...example, expiresAt: '2026-01-06T08:15:00.000Z' },
}) {}

export class ImpersonationStopped extends fact<ImpersonationDetail & { ended: ImpersonationEnd }>({
  action: 'impersonation.stop',
  resourceType: 'impersonation',
  summary: 'Somebody no longer acts as another user; the token is refused everywhere.',
  public: true,
  detail: {
    actorId,
    userId,
    reason,
    ended: {
      type: 'string',
      enum: [...IMPERSONATION_ENDS],
      description:
        'How: `manual` by who acted; `expired` by time; `revoked` because the session or the right to it, or the user, was gone.',
    },
  },
  example: { ...example, ended: 'manual' },
}) {}
