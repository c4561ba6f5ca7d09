import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Secret } from '../crypto/secret.js';

/** One environment variable: how its text becomes a value, and how to tell an operator what it takes. */
export interface Variable<T> {
  /** The value when the variable is not set. */
  readonly fallback: T;
  /** What to write, as the end of the sentence "Write …". */
  readonly accepts: string;
  /** A secret may come from the file that `<NAME>_FILE` names. */
  readonly isSecret: boolean;
  /** Known and checked, but nothing in this version reads it. */
  readonly isWithoutEffect: boolean;
  /** Throws Unacceptable when the text is not what the variable takes. */
  parse(text: string): T;
}

/**
 * Says what is wrong with a text, never what the text is: an operator who pastes a password into the wrong line must
 * not find it in the log.
 */
export class Unacceptable extends Error {}

const plain = <T>(fallback: T, accepts: string, parse: (text: string) => T): Variable<T> => ({
  fallback,
  accepts,
  parse,
  isSecret: false,
  isWithoutEffect: false,
});

/** Marks a variable of a part that this version does not have. */
export function withoutEffect<T>(variable: Variable<T>): Variable<T> {
  return { ...variable, isWithoutEffect: true };
}

export function integer(fallback: number, min: number, max: number): Variable<number>;
export function integer(fallback: undefined, min: number, max: number): Variable<number | undefined>;
export function integer(
  fallback: number | undefined,
  min: number,
  max: number,
): Variable<number | undefined> {
  return plain(fallback, `an integer from ${min} to ${max}`, (text) => {
    if (!/^-?\d{1,15}$/.test(text)) throw new Unacceptable('is not an integer');
    const value = Number(text);
    if (value < min) throw new Unacceptable(`is below ${min}`);
    if (value > max) throw new Unacceptable(`is above ${max}`);
    return value;
  });
}

export function flag(fallback: boolean): Variable<boolean>;
export function flag(fallback: undefined): Variable<boolean | undefined>;
export function flag(fallback: boolean | undefined): Variable<boolean | undefined> {
  return plain(fallback, 'true or false', (text) => {
    if (text !== 'true' && text !== 'false') throw new Unacceptable('is neither true nor false');
    return text === 'true';
  });
}

export function choice<const T extends string>(fallback: NoInfer<T>, options: readonly T[]): Variable<T> {
  return plain<T>(fallback, `one of ${options.join(', ')}`, (text) => {
    const chosen = options.find((option) => option === text);
    if (chosen === undefined) throw new Unacceptable('is not one of the possible values');
    return chosen;
  });
}

export function path(fallback: string): Variable<string>;
export function path(fallback: undefined): Variable<string | undefined>;
export function path(fallback: string | undefined): Variable<string | undefined> {
  return plain(fallback, 'a path', (text) => {
    if (text.includes('\0')) throw new Unacceptable('contains a NUL character');
    return text;
  });
}

export function name(): Variable<string | undefined> {
  return plain<string | undefined>(undefined, 'a name of 1 to 255 letters, digits and . _ -', (text) => {
    if (!/^[A-Za-z0-9._-]{1,255}$/.test(text)) throw new Unacceptable('is not such a name');
    return text;
  });
}

const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

export function listenAddress(fallback: string): Variable<string> {
  return plain(fallback, 'an IP address or a host name without a port', (text) => {
    if (isIP(text) === 0 && !HOST_NAME.test(text)) throw new Unacceptable('is no address to listen on');
    return text;
  });
}

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,189}$/;

export function email(): Variable<string | undefined> {
  return plain<string | undefined>(undefined, 'an address such as admin@company.example', (text) => {
    if (!EMAIL.test(text)) throw new Unacceptable('is not an email address');
    return text;
  });
}

export function mailbox(fallback: string): Variable<string> {
  return plain(fallback, 'an address, or a name and an address: Reeve <reeve@company.example>', (text) => {
    const address = /^[^<>\r\n"]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
    if (!EMAIL.test(address)) throw new Unacceptable('is not a sender address');
    return text;
  });
}

export interface UrlRules {
  readonly schemes: readonly string[];
  /** With a path, a query and credentials allowed or not. */
  readonly isBase: boolean;
}

/** The text itself is what is kept: parsing and printing a connection URL would re-encode its password. */
function checkedUrl(text: string, rules: UrlRules): URL {
  if (!URL.canParse(text)) throw new Unacceptable('is not a URL');
  const url = new URL(text);
  if (!rules.schemes.includes(url.protocol.slice(0, -1)))
    throw new Unacceptable('does not begin with a scheme that is possible here');
  if (url.hostname === '' && rules.isBase) throw new Unacceptable('names no host');
  if (rules.isBase && (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== ''))
    throw new Unacceptable('has a query, a fragment or credentials');
  return url;
}

/** A base that paths are appended to, so it is kept without a trailing slash. */
export function baseUrl(schemes: readonly string[] = ['https', 'http']): Variable<string | undefined> {
  return plain<string | undefined>(
    undefined,
    `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, without query and credentials`,
    (text) => checkedUrl(text, { schemes, isBase: true }).href.replace(/\/+$/, ''),
  );
}

/** A URL that carries credentials, hence a secret. */
export function connectionUrl(...schemes: string[]): Variable<Secret | undefined> {
  return {
    fallback: undefined,
    accepts: `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    isSecret: true,
    isWithoutEffect: false,
    parse: (text) => {
      checkedUrl(text, { schemes, isBase: false });
      return new Secret(text);
    },
  };
}

const LONGEST_SECRET = 4096;

export function secret(accepts: string, minLength = 1): Variable<Secret | undefined> {
  return {
    fallback: undefined,
    accepts,
    isSecret: true,
    isWithoutEffect: false,
    parse: (text) => new Secret(checkedSecret(text, minLength)),
  };
}

/** Keys separated by commas or line breaks, newest first. */
export function secretList(accepts: string): Variable<readonly Secret[]> {
  return {
    fallback: [],
    accepts,
    isSecret: true,
    isWithoutEffect: false,
    parse: (text) => itemsOf(text).map((item) => new Secret(checkedSecret(item, 1))),
  };
}

function checkedSecret(text: string, minLength: number): string {
  if (text.length < minLength) throw new Unacceptable(`is shorter than ${minLength} characters`);
  if (text.length > LONGEST_SECRET) throw new Unacceptable(`is longer than ${LONGEST_SECRET} characters`);
  return text;
}

/** A comma-separated list; a faulty item is named by its position. */
function list(accepts: string, parseItem: (item: string) => string): Variable<readonly string[]> {
  return plain<readonly string[]>([], `${accepts}, separated by commas`, (text) =>
    itemsOf(text).map((item, index) => {
      try {
        return parseItem(item);
      } catch (fault) {
        if (fault instanceof Unacceptable) throw new Unacceptable(`item ${index + 1} ${fault.message}`);
        throw fault;
      }
    }),
  );
}

const itemsOf = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Address blocks; a single address is a block of one. */
export function addressBlocks(): Variable<readonly string[]> {
  return list('address blocks such as 10.0.0.0/8 or fd00::/8', (item) => {
    const text = item.includes('/') ? item : `${item}/${isIP(item) === 6 ? 128 : 32}`;
    const [address] = text.split('/');
    if (isIP(address) === 0 || !ipaddr.isValidCIDR(text)) throw new Unacceptable('is no address block');
    return text;
  });
}

export function origins(): Variable<readonly string[]> {
  return list('exact origins such as https://console.company.example', (item) => {
    if (!URL.canParse(item)) throw new Unacceptable('is not an origin');
    const url = new URL(item);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Unacceptable('is not a web origin');
    if (url.origin !== item) throw new Unacceptable('has more than scheme, host and port, or upper case');
    return item;
  });
}

export function mailDomains(): Variable<readonly string[]> {
  return list('mail domains such as company.example', (item) => {
    const domain = item.replace(/^@/, '').toLowerCase();
    if (!HOST_NAME.test(domain)) throw new Unacceptable('is no mail domain');
    return domain;
  });
}

export function names(): Variable<readonly string[]> {
  return list('names of letters, digits and . _ : -', (item) => {
    if (!/^[A-Za-z0-9._:-]{1,64}$/.test(item)) throw new Unacceptable('is no such name');
    return item;
  });
}
