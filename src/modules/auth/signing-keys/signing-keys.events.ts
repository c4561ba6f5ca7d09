import { fact } from '../../../kernel/events/index.js';

/** `resourceId` is the kid. */
export class SigningKeyCreated extends fact<{ signsFrom: string }>({
  action: 'key.create',
  resourceType: 'signing_key',
  summary: 'The first key for signing access tokens was made.',
  public: true,
  detail: { signsFrom: { type: 'string', format: 'date-time', description: 'From when on the key signs.' } },
  example: { signsFrom: '2026-01-06T08:00:00.000Z' },
}) {}

/** `resourceId` is the kid. */
export class SigningKeyRemoved extends fact<Record<string, never>>({
  action: 'key.remove',
  resourceType: 'signing_key',
  summary: 'A key for signing access tokens was removed after its last token had expired.',
  public: true,
  detail: {},
  example: {},
}) {}

export interface RotatedKey {
  previousKid: string;
  signsFrom: string;
  previousVerifiesUntil: string;
}

/** `resourceId` is the kid of the new key. */
export class SigningKeyRotated extends fact<RotatedKey>({
  action: 'key.rotate',
  resourceType: 'signing_key',
  summary:
    'A new key for signing access tokens was made; the previous one verifies until its last token has expired.',
  public: true,
  detail: {
    previousKid: { type: 'string', description: 'The key that is being replaced.' },
    signsFrom: { type: 'string', format: 'date-time', description: 'From when on the new key signs.' },
    previousVerifiesUntil: {
      type: 'string',
      format: 'date-time',
      description: 'Until when the previous key verifies.',
    },
  },
  example: {
    previousKid: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    signsFrom: '2026-01-06T08:02:00.000Z',
    previousVerifiesUntil: '2026-01-06T08:18:00.000Z',
  },
}) {}
