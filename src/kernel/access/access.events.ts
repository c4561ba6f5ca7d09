import { fact } from '../events/index.js';

export interface RefusedAccess {
  /** The permission that was missing; null when something else was. */
  permission: string | null;
  /** Code of the problem that was answered. */
  code: string;
  /** How many requests this entry stands for. */
  count: number;
}

/** `resourceId` is the route as it is declared, `GET /api/v1/users/:id`. */
export class AccessForbidden extends fact<RefusedAccess>({
  action: 'auth.forbidden',
  resourceType: 'route',
  summary:
    'A signed-in principal was refused a route; further identical refusals within 60 seconds are counted in one more entry.',
  public: true,
  detail: {
    permission: { type: ['string', 'null'], description: 'The permission that was missing.' },
    code: { type: 'string', description: 'Code of the problem that was answered.' },
    count: { type: 'integer', minimum: 1, description: 'How many requests the entry stands for.' },
  },
  example: { permission: 'user.write', code: 'forbidden', count: 1 },
}) {}
