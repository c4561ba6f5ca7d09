import type { Mail } from '../../../kernel/mail/index.js';
import type { Configuration } from '../../../kernel/runtime/index.js';
import type { IssuedToken } from '../one-time-tokens/one-time-tokens.js';
import { readable, tokenInstructions } from '../one-time-tokens/token-mail.js';

interface Recipient {
  readonly username: string;
  readonly email: string;
}

export function verificationMail(
  to: Recipient,
  registeredAt: Date,
  issued: IssuedToken,
  configuration: Configuration,
): Mail {
  const use = { ...issued, path: '/api/v1/auth/verify', operationId: 'registrationVerify' };
  return {
    to: to.email,
    subject: 'Confirm your mail address for Reeve',
    text: `Hello ${to.username},

somebody, presumably you, registered this address at Reeve at ${configuration.publicUrl} on ${readable(registeredAt)}. Your username there is ${to.username}.
To confirm that the address is yours, send back your token. After that you can sign in with the password given then.
Each registration has a mail of its own: use the one of yours only.

${tokenInstructions(use, configuration)}

If it was not you, you need not do anything: without the token nobody can sign in to the account.
`,
  };
}

/** The address has an account: the one who asked learns it here, and nowhere else. */
export function alreadyRegisteredMail(to: Recipient, { publicUrl }: Configuration): Mail {
  return {
    to: to.email,
    subject: 'You have an account at Reeve already',
    text: `Hello ${to.username},

somebody, presumably you, tried to register this address at Reeve at ${publicUrl}, but you have an account there already.
Your username is ${to.username}; nothing was changed. Sign in as always.

If you have forgotten your password, ask for a new one:

  curl -X POST ${publicUrl}/api/v1/auth/password/forgot \\
    -H 'Content-Type: application/json' \\
    -d '{"email":"${to.email}"}'

If it was not you, you need not do anything.
`,
  };
}

export function usernameTakenMail(email: string, username: string, { publicUrl }: Configuration): Mail {
  return {
    to: email,
    subject: 'Please choose another username for Reeve',
    text: `Hello,

somebody, presumably you, tried to register this address with the username ${username} at Reeve at ${publicUrl}.
That name belongs to somebody else, so no account was made. Register again with another username, or without one:
then it is made from your address.

If it was not you, you need not do anything.
`,
  };
}
