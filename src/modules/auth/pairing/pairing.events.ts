import { fact } from '../../../kernel/events/index.js';

const resourceType = 'pairing';
const id = { type: 'string', format: 'uuid' } as const;

/** The device's name is a personal detail: people call their machines after themselves. */
export class PairingStarted extends fact<{ expiresAt: string }>({
  action: 'pairing.start',
  resourceType,
  summary: 'A device asked to be paired with whoever confirms its code.',
  public: true,
  detail: { expiresAt: { type: 'string', format: 'date-time' } },
  example: { expiresAt: '2026-01-05T09:22:00.000Z' },
}) {}

export class PairingApproved extends fact<Record<string, never>>({
  action: 'pairing.approve',
  resourceType,
  summary: 'A user approved a device: it may fetch a key of theirs.',
  public: true,
  detail: {},
  example: {},
}) {}

export class PairingRefused extends fact<{ reason: 'denied' | 'owner_inactive' }>({
  action: 'pairing.deny',
  resourceType,
  summary: 'A device was denied, or the user who approved it lost access before it fetched its key.',
  public: true,
  detail: { reason: { enum: ['denied', 'owner_inactive'] } },
  example: { reason: 'denied' },
}) {}

export class PairingClaimed extends fact<{ userId: string; keyId: string }>({
  action: 'pairing.claim',
  resourceType,
  summary: 'An approved device was given its key.',
  public: true,
  detail: { userId: { ...id, description: 'Whose key it is.' }, keyId: { ...id, description: 'The key.' } },
  example: {
    userId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
    keyId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c33',
  },
}) {}

/** `resourceId` is the user who typed it. */
export class PairingCodeRefused extends fact<{ lockedUntil: string | null }>({
  action: 'pairing.code_refused',
  resourceType: 'user',
  summary: 'A user gave a pairing code that no device waits for.',
  public: true,
  detail: {
    lockedUntil: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'End of the pause that begins with it; null when there is none.',
    },
  },
  example: { lockedUntil: null },
}) {}
