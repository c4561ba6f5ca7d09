import { isUsername } from '../users/name-rules.js';
import { usernameFromEmail } from './username-from-email.js';

describe('usernameFromEmail', () => {
  it('takes the local part of the address', () => {
    expect(usernameFromEmail('Ada.Lovelace@example.org')).toBe('Ada.Lovelace');
  });

  it('replaces what may not stand in a username', () => {
    expect(usernameFromEmail('ada+reeve@example.org')).toBe('ada-reeve');
    expect(usernameFromEmail('_ada@example.org')).toBe('ada');
  });

  it('appends the suffix and stays within 64 characters', () => {
    const name = usernameFromEmail(`${'a'.repeat(64)}@example.org`, 'x7k2');
    expect(name).toHaveLength(64);
    expect(name.endsWith('-x7k2')).toBe(true);
  });

  it.each(['+@example.org', '!!!@example.org', 'ада_ada@example.org', 'ﷺ@example.org'])(
    'always gives an acceptable username: %s',
    (email) => expect(isUsername(usernameFromEmail(email))).toBe(true),
  );
});
