import type { Mail } from '../../../kernel/mail/index.js';
import type { Configuration } from '../../../kernel/runtime/index.js';
import type { IssuedToken } from '../one-time-tokens/one-time-tokens.js';
import { readable, tokenInstructions } from '../one-time-tokens/token-mail.js';

interface Recipient {
  readonly username: string;
  readonly email: string;
}

export function resetMail(to: Recipient, issued: IssuedToken, configuration: Configuration): Mail {
  const use = {
    ...issued,
    path: '/api/v1/auth/password/reset',
    operationId: 'passwordReset',
    fields: { newPassword: 'a long password of your own' },
  };
  return {
    to: to.email,
    subject: 'Choose a new password for Reeve',
    text: `Hello ${to.username},

somebody, presumably you, has forgotten the password of your account at Reeve at ${configuration.publicUrl}.
To choose a new one, send it together with your token. All devices that are signed in will have to sign in again.

${tokenInstructions(use, configuration)}

If it was not you, you need not do anything: your password stays as it is.
`,
  };
}

/** A notice that the owner gets whoever did it. */
export function passwordChangedMail(to: Recipient, at: Date, { publicUrl }: Configuration): Mail {
  return {
    to: to.email,
    subject: 'Your password at Reeve was changed',
    text: `Hello ${to.username},

the password of your account at Reeve at ${publicUrl} was changed on ${readable(at)}.
Other devices that were signed in have to sign in again.

If it was not you, choose a new password at once:

  curl -X POST ${publicUrl}/api/v1/auth/password/forgot \\
    -H 'Content-Type: application/json' \\
    -d '{"email":"${to.email}"}'

and tell your administrator.
`,
  };
}
