import { type DetailSchema, fact } from '../../../kernel/events/index.js';

const resourceType = 'approval';
const digest: DetailSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const exampleDigest = '5c'.repeat(32);
const votes: DetailSchema = { type: 'integer', minimum: 0, description: 'How many have agreed.' };
const needed: DetailSchema = { type: 'integer', minimum: 1, description: 'How many have to.' };

export class ApprovalRequested extends fact<{
  digest: string;
  needed: number;
  expiresAt: string;
  requester: string;
}>({
  action: 'approval.request',
  resourceType,
  summary: 'A command waits for a person.',
  public: true,
  detail: {
    digest,
    needed,
    expiresAt: { type: 'string', format: 'date-time' },
    requester: { type: 'string', description: '`kind:id`.' },
  },
  example: {
    digest: exampleDigest,
    needed: 1,
    expiresAt: '2026-01-05T09:17:00.000Z',
    requester: 'user:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  },
}) {}

interface Vote {
  digest: string;
  votes: number;
  needed: number;
}

export class ApprovalVoteCast extends fact<Vote>({
  action: 'approval.vote',
  resourceType,
  summary: 'Somebody agreed to a command that more people have to agree to.',
  public: true,
  detail: { digest, votes, needed },
  example: { digest: exampleDigest, votes: 1, needed: 2 },
}) {}

export class ApprovalApproved extends fact<Vote>({
  action: 'approval.approve',
  resourceType,
  summary: 'Enough people agreed to a command: it may run, once.',
  public: true,
  detail: { digest, votes, needed },
  example: { digest: exampleDigest, votes: 1, needed: 1 },
}) {}

interface Ending {
  digest: string;
  because: string | null;
}

const ending = {
  digest,
  because: { type: ['string', 'null'], description: 'What ended it when no person did.' },
} as const;

export class ApprovalRejected extends fact<Ending>({
  action: 'approval.reject',
  resourceType,
  summary: 'Somebody refused a command that waited for a person.',
  public: true,
  detail: ending,
  example: { digest: exampleDigest, because: null },
}) {}

export class ApprovalExpired extends fact<Ending>({
  action: 'approval.expire',
  resourceType,
  summary: 'Nobody decided about a command in time.',
  public: true,
  detail: ending,
  example: { digest: exampleDigest, because: 'expired' },
}) {}

export class ApprovalCancelled extends fact<Ending>({
  action: 'approval.cancel',
  resourceType,
  summary:
    'A command no longer waits for a person: it was withdrawn, the rules refuse it now, or its requester has gone.',
  public: true,
  detail: ending,
  example: { digest: exampleDigest, because: 'policy' },
}) {}

export class ApprovalEscalated extends fact<{ digest: string; expiresAt: string }>({
  action: 'approval.escalate',
  resourceType,
  summary:
    'A command has waited for a person for so long that those who look after the queue are told once more.',
  public: true,
  detail: { digest, expiresAt: { type: 'string', format: 'date-time' } },
  example: { digest: exampleDigest, expiresAt: '2026-01-05T09:17:00.000Z' },
}) {}
