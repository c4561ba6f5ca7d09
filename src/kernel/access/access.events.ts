import { fact } from '../events/index.js';

export interface RefusedAccess {
  /** The permission that was missing; null when something else was. */
  permission: string | null;
  /** Code of the problem that was answered. */
  code: string;
  /** What was asked for, without the query. */
  path: string;
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
    path: { type: 'string', description: 'The path as it was asked for, without its query.' },
    count: { type: 'integer', minimum: 1, description: 'How many requests the entry stands for.' },
  },
  example: {
    permission: 'user.write',
    code: 'forbidden',
    path: '/api/v1/users/01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
    count: 1,
  },
}) {}

export interface RequestAsAnother {
  /** The route as it is declared, `GET /api/v1/users/:id`. */
  route: string;
  /** The path as it was asked for, without its query. */
  path: string;
}

/** `resourceId` is the impersonation, so that its start, its requests and its end are found together. */
export class ImpersonatedRequest extends fact<RequestAsAnother>({
  action: 'impersonation.request',
  resourceType: 'impersonation',
  summary:
    'Somebody made a request as another user, reading included. Written before the request is worked on; its outcome says whether it was let in.',
  public: false,
  detail: {
    route: { type: 'string', description: 'The route as it is declared.' },
    path: { type: 'string', description: 'The path as it was asked for, without its query.' },
  },
  example: {
    route: 'GET /api/v1/users/:id',
    path: '/api/v1/users/01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  },
}) {}
