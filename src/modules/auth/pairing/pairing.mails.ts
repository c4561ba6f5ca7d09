import type { Mail } from '../../../kernel/mail/index.js';
import type { Configuration } from '../../../kernel/runtime/index.js';
import { readable } from '../one-time-tokens/token-mail.js';

interface Recipient {
  readonly username: string;
  readonly email: string;
}

interface PairedDevice {
  readonly deviceName: string;
  readonly ip: string | null;
  readonly keyId: string;
  readonly at: Date;
}

/** A notice that the owner gets whoever did it. */
export function devicePairedMail(to: Recipient, device: PairedDevice, { publicUrl }: Configuration): Mail {
  const { deviceName, ip, keyId, at } = device;
  return {
    to: to.email,
    subject: 'A device was paired with your account at Reeve',
    text: `Hello ${to.username},

a device that calls itself "${deviceName}" was given an API key of your account at Reeve at ${publicUrl} on ${readable(at)}.
It had asked from ${ip ?? 'an unknown address'}, and its code was confirmed in a session of yours.

If it was not you, revoke the key at once:

  curl -X DELETE ${publicUrl}/api/v1/auth/api-keys/${keyId} \\
    -H 'Authorization: Bearer an access token of yours'

then change your password, and tell your administrator.
`,
  };
}
