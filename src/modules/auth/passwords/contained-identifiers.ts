import { canonicalLogin } from './canonical-login.js';
import { unleet } from './leet.js';

/** What an attacker who aims at this account would try first. */
export interface PasswordIdentifiers {
  readonly username?: string;
  readonly email?: string;
  /** Names of the organisation: tenant, departments. */
  readonly names?: readonly string[];
}

const PRODUCT = 'reeve';

/** Shorter names are found by chance in good passwords. */
const SHORTEST = 4;

/**
 * Whether the password contains the product's name, the user's name, the email or its part before the `@`, or a name of
 * the organisation: whatever the capitals, also backwards, in leet, or with dots and dashes put in or left out.
 */
export function containsIdentifier(password: string, identifiers: PasswordIdentifiers): boolean {
  const text = canonicalLogin(password);
  const haystacks = [text, joined(text), unleet(text), joined(unleet(text))];
  return needles(identifiers).some((needle) => haystacks.some((haystack) => haystack.includes(needle)));
}

function needles({ username, email, names = [] }: PasswordIdentifiers): string[] {
  const localPart = email?.slice(0, Math.max(0, email.lastIndexOf('@')));
  return [PRODUCT, username, email, localPart, ...names]
    .filter((name) => name !== undefined)
    .map(canonicalLogin)
    .flatMap((name) => [name, unleet(name)])
    .flatMap((name) => [name, joined(name)])
    .filter((name) => [...name].length >= SHORTEST)
    .flatMap((name) => [name, [...name].reverse().join('')]);
}

function joined(text: string): string {
  return text.replace(/[\s._+-]/gu, '');
}
