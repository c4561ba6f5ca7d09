import { problem } from '../../../kernel/problem/index.js';

export const SHORTEST_REASON = 10;

export class ReasonTooShort extends problem({
  status: 422,
  code: 'reason_too_short',
  title: 'The reason says too little',
  meaning: `Acting as another user needs a reason of at least ${SHORTEST_REASON} characters, which goes on record.`,
  remedy: 'Say why, for instance with the number of the ticket.',
}) {
  constructor() {
    const message = `reason must have at least ${SHORTEST_REASON} characters besides blanks at its ends.`;
    super(message, { errors: [{ in: 'body', pointer: '/reason', code: 'reason_too_short', message }] });
  }
}

export class OwnImpersonation extends problem({
  status: 403,
  code: 'own_impersonation',
  title: 'Nobody acts as themselves',
  meaning: 'The user to act as is the caller.',
  remedy: 'Use your own session as it is.',
}) {
  constructor() {
    super('This user is you.');
  }
}

export class TargetNotActive extends problem({
  status: 409,
  code: 'target_not_active',
  title: 'The user cannot sign in',
  meaning: 'The user is disabled, or has not accepted their invitation yet, so nobody can act as them.',
  remedy: 'Enable the user first, or wait until they have accepted.',
}) {
  constructor() {
    super('Only a user who can sign in can be acted as.');
  }
}
