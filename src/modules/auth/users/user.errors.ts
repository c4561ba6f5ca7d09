import { problem, type Problem } from '../../../kernel/problem/index.js';

export class UsernameTaken extends problem({
  status: 409,
  code: 'username_taken',
  title: 'The username is taken',
  meaning: 'Another user has this name, perhaps in another spelling.',
  remedy: 'Choose another username, or give the user who has this one another.',
}) {}

export class EmailTaken extends problem({
  status: 409,
  code: 'email_taken',
  title: 'The mail address is taken',
  meaning: 'Another user has this mail address, perhaps in another spelling.',
  remedy: 'Use another address, or find the user who has this one.',
}) {}

export class OwnAccount extends problem({
  status: 403,
  code: 'own_account',
  title: 'Not with your own account',
  meaning: 'Nobody disables or deletes the account they are using.',
  remedy: 'Ask another administrator.',
}) {}

export class UserNotDeleted extends problem({
  status: 409,
  code: 'user_not_deleted',
  title: 'The user is not deleted',
  meaning: 'Only a deleted user can be brought back.',
  remedy: 'Nothing needs to be done.',
}) {}

export class TargetOutranksCaller extends problem({
  status: 403,
  code: 'target_outranks_caller',
  title: 'The target may do more than you',
  meaning:
    'Who impersonates a user, changes their address or invitation, or makes a key of a service, can act as that user or service, ' +
    'so they must hold every right it has; for a user, the terminal flags as well.',
  remedy: 'Ask somebody who holds all of them.',
}) {}

/** What the unique indexes of the table mean to a caller. */
export const uniqueNames: Readonly<Record<string, () => Problem>> = {
  uq_users_username: () => new UsernameTaken(),
  uq_users_email: () => new EmailTaken(),
};
