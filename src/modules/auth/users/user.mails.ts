import type { User } from './user.entity.js';

export function addressChangedMail(user: User, newEmail: string, publicUrl: string) {
  return {
    to: user.email,
    subject: 'Your mail address at Reeve was changed',
    text: `Hello ${user.username},

an administrator changed the mail address of your account at ${publicUrl} from this one to ${newEmail}.
From now on our mails go there, and you sign in with it or with your username.

If you did not expect this, tell your administrator at once.
`,
  };
}
