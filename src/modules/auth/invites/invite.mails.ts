import type { Mail } from '../../../kernel/mail/index.js';
import type { Configuration } from '../../../kernel/runtime/index.js';
import type { IssuedToken } from '../one-time-tokens/one-time-tokens.js';
import { tokenInstructions } from '../one-time-tokens/token-mail.js';

export function inviteMail(
  to: { readonly username: string; readonly email: string },
  invite: IssuedToken,
  configuration: Configuration,
): Mail {
  const use = {
    ...invite,
    path: '/api/v1/auth/invite/accept',
    operationId: 'invitesAccept',
    fields: { password: 'a long password of your own' },
  };
  return {
    to: to.email,
    subject: 'You are invited to Reeve',
    text: `Hello ${to.username},

you are invited to Reeve at ${configuration.publicUrl}. Your username there is ${to.username}.
To accept, choose a password and send it together with your token. That signs you in.

${tokenInstructions(use, configuration)}

If you did not expect this, you need not do anything.
`,
  };
}
