import { isUsername } from '../users/name-rules.js';

const LONGEST = 64;
const FALLBACK = 'user';

/**
 * A username like the part of the address before the `@`: `ada.lovelace@example.org` → `ada.lovelace`. What may not
 * stand in a name becomes a hyphen; an address of which nothing acceptable is left gives `user`.
 *
 * @param suffix appended when the plain name is taken
 */
export function usernameFromEmail(email: string, suffix = ''): string {
  const ending = suffix === '' ? '' : `-${suffix}`;
  const name = [...email.slice(0, email.lastIndexOf('@')).normalize('NFC')]
    .map((character) => (/[\p{L}\p{M}\p{Nd}._-]/u.test(character) ? character : '-'))
    .join('')
    .replace(/^[^\p{L}\p{Nd}]+/u, '');
  const cut = [...name].slice(0, LONGEST - ending.length).join('');
  const candidate = cut + ending;
  return isUsername(candidate) ? candidate : FALLBACK + ending;
}
