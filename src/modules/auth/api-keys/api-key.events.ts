import { fact } from '../../../kernel/events/index.js';

const resourceType = 'api_key';

export class ApiKeyCreated extends fact<{
  ownerKind: string;
  ownerId: string;
  scopes: string[] | null;
  allowedCidrs: string[];
  expiresAt: string;
}>({
  action: 'api_key.create',
  resourceType,
  summary: 'A key of a user or a service was created.',
  public: true,
  detail: {
    ownerKind: { enum: ['user', 'service'] },
    ownerId: { type: 'string', format: 'uuid' },
    scopes: { type: ['array', 'null'], items: { type: 'string' } },
    allowedCidrs: { type: 'array', items: { type: 'string' } },
    expiresAt: { type: 'string', format: 'date-time' },
  },
  example: {
    ownerKind: 'user',
    ownerId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
    scopes: ['user.read'],
    allowedCidrs: ['203.0.113.0/24'],
    expiresAt: '2026-04-05T09:12:00.000Z',
  },
}) {}

export class ApiKeyRotated extends fact<{ replacedById: string; worksUntil: string }>({
  action: 'api_key.rotate',
  resourceType,
  summary: 'A key got a successor; it works on until the end of the overlap.',
  public: true,
  detail: {
    replacedById: { type: 'string', format: 'uuid' },
    worksUntil: { type: 'string', format: 'date-time' },
  },
  example: { replacedById: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c34', worksUntil: '2026-01-06T09:12:00.000Z' },
}) {}

export class ApiKeyRevoked extends fact<{ ownerKind: string; ownerId: string; reason: string }>({
  action: 'api_key.revoke',
  resourceType,
  summary: 'A key stopped working for good.',
  public: true,
  detail: {
    ownerKind: { enum: ['user', 'service'] },
    ownerId: { type: 'string', format: 'uuid' },
    reason: { enum: ['revoked', 'owner_disabled', 'owner_deleted'] },
  },
  example: { ownerKind: 'user', ownerId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11', reason: 'revoked' },
}) {}
