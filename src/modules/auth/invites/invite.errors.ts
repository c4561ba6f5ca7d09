import { problem } from '../../../kernel/problem/index.js';

export class InviteAlreadyAccepted extends problem({
  status: 409,
  code: 'invite_already_accepted',
  title: 'The invitation was accepted already',
  meaning:
    'The user has a password of their own; a new invitation would let somebody else choose one for them.',
  remedy: 'The user can ask for a reset with POST /api/v1/auth/password/forgot.',
}) {}
