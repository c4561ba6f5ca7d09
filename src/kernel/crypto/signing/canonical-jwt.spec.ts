import fc from 'fast-check';
import { isCanonicalJwt, readJwtHeader } from './canonical-jwt.js';
import { signJwt } from './sign-jwt.js';
import { generateSigningKey, type SigningKey } from './signing-key.js';

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' };
const SIGNATURE = Buffer.alloc(64, 7);

describe('isCanonicalJwt', () => {
  let key: SigningKey;
  let token: string;

  beforeAll(async () => {
    key = await generateSigningKey();
    token = signJwt({ sub: 'ö', iat: 1, amr: ['pwd'], act: { sub: 'x' } }, key);
  });

  it('accepts what this service signs', () => {
    expect(isCanonicalJwt(token)).toBe(true);
    expect(readJwtHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: key.kid });
  });

  it('accepts a plain HS256 token without kid, as older issuers made them', () => {
    expect(isCanonicalJwt(compact('{"typ":"JWT","alg":"HS256"}', '{"sub":"1"}', Buffer.alloc(32, 1)))).toBe(
      true,
    );
  });

  it('refuses blanks and padding anywhere in the spelling', () => {
    for (let at = 0; at <= token.length; at += 1) {
      for (const extra of [' ', '\n', '\t', '=', '\0', '\u200b', '+', '/', '%']) {
        expect(isCanonicalJwt(token.slice(0, at) + extra + token.slice(at))).toBe(false);
      }
    }
  });

  it.each([0, 1, 2])('refuses every other spelling of the same bytes in part %i', (index) => {
    for (const sizes of [1, 2]) {
      const parts = compact(
        JSON.stringify(HEADER) + ' '.repeat(sizes),
        '{"sub":"1"}' + ' '.repeat(sizes),
        Buffer.alloc(63 + sizes, 7),
      ).split('.');
      const good = parts[index];
      for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
        const bad = good.slice(0, -1) + last;
        if (bad === good || !Buffer.from(bad, 'base64url').equals(Buffer.from(good, 'base64url'))) continue;
        expect(isCanonicalJwt(parts.with(index, bad).join('.'))).toBe(false);
      }
    }
  });

  it('refuses a part of impossible length', () => {
    const [header, claims] = token.split('.');

    expect(isCanonicalJwt(`${header}.${claims}.AAAAA`)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['one part', 'eyJh'],
    ['two parts', 'e30.e30'],
    ['five parts, an encrypted token', 'e30.e30.e30.e30.e30'],
    ['dots', '..'],
    ['an empty signature', compact(JSON.stringify(HEADER), '{}', Buffer.alloc(0))],
    ['a trailing dot', `${compact(JSON.stringify(HEADER), '{}')}.`],
    ['an API key', 'rv_usr_0_0'],
  ])('refuses %s', (_name, text) => {
    expect(isCanonicalJwt(text)).toBe(false);
  });

  it.each(['none', 'None', 'nOnE', 'NONE', '', ' ', 'ES256 ', '\0', 256, null, ['ES256'], {}, undefined])(
    'refuses the algorithm %j',
    (alg) => {
      expect(isCanonicalJwt(withHeader({ ...HEADER, alg }))).toBe(false);
    },
  );

  it.each<object>([
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { zip: 'DEF' },
    { jku: 'https://keys.example/jwks' },
    { x5u: 'https://keys.example/cert' },
    { x5c: ['MIIB'] },
    { jwk: { kty: 'EC' } },
    { cty: 'JWT' },
    { enc: 'A256GCM' },
    { constructor: 1 },
  ])('refuses the header member of %j', (member) => {
    expect(isCanonicalJwt(withHeader({ ...HEADER, ...member }))).toBe(false);
  });

  it('refuses a header with its own __proto__', () => {
    expect(isCanonicalJwt(compact('{"alg":"ES256","__proto__":{"kid":"k1"}}', '{}'))).toBe(false);
  });

  it.each([
    '../../etc/passwd',
    '/dev/null',
    "' UNION SELECT 'x",
    '| id',
    'a\0b',
    'k'.repeat(65),
    'k'.repeat(10_000),
    '',
    'k\n',
    'ſ',
    1,
    null,
    {},
    ['k1'],
  ])('refuses the key id %j', (kid) => {
    expect(isCanonicalJwt(withHeader({ ...HEADER, kid }))).toBe(false);
  });

  it.each([1, null, {}, ['at+jwt'], 't'.repeat(65)])('refuses the type %j', (typ) => {
    expect(isCanonicalJwt(withHeader({ ...HEADER, typ }))).toBe(false);
  });

  it.each([
    ['sub twice', '{"sub":"a","sub":"b"}'],
    ['sub twice, once escaped', '{"sub":"a","\\u0073ub":"b"}'],
    ['a member of act twice', '{"act":{"sub":"a","sub":"b"}}'],
    ['an array', '["sub"]'],
    ['a string', '"sub"'],
    ['null', 'null'],
    ['no JSON', 'sub=a'],
    ['nothing but a blank', ' '],
    ['something after it', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['deep nesting', `{"a":${'['.repeat(8)}${']'.repeat(8)}}`],
  ])('refuses claims with %s', (_name, claims) => {
    expect(isCanonicalJwt(compact(JSON.stringify(HEADER), claims))).toBe(false);
  });

  it('refuses claims that are not UTF-8', () => {
    const claims = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);

    expect(isCanonicalJwt(compact(JSON.stringify(HEADER), claims))).toBe(false);
  });

  it('refuses a header that names a member twice, nests, or is longer than 1 KiB', () => {
    expect(isCanonicalJwt(compact('{"alg":"ES256","alg":"none"}', '{}'))).toBe(false);
    expect(isCanonicalJwt(compact('{"alg":"ES256","kid":[[[]]]}', '{}'))).toBe(false);
    expect(isCanonicalJwt(compact(`{"alg":"ES256"${' '.repeat(1024)}}`, '{}'))).toBe(false);
  });

  it('refuses more than 8 KiB, at no cost however much it is', () => {
    expect(isCanonicalJwt(compact(JSON.stringify(HEADER), JSON.stringify({ a: 'x'.repeat(8192) })))).toBe(
      false,
    );
    const huge = '.'.repeat(1_000_000);
    const startedAt = performance.now();
    for (let round = 0; round < 1000; round += 1) isCanonicalJwt(huge);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });

  it('never throws and accepts one spelling per content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isCanonicalJwt(text)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(...'.-_Aa0= '), (at, character) => {
        const changed = token.slice(0, at % token.length) + character + token.slice((at % token.length) + 1);
        if (changed === token || !isCanonicalJwt(changed)) return;
        expect(decoded(changed)).not.toEqual(decoded(token));
      }),
    );
  });
});

function withHeader(header: object): string {
  return compact(JSON.stringify(header), '{"sub":"1"}');
}

function compact(header: string, claims: string | Buffer, signature: Buffer = SIGNATURE): string {
  return [Buffer.from(header), Buffer.from(claims), signature]
    .map((part) => part.toString('base64url'))
    .join('.');
}

function decoded(token: string): string[] {
  return token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
}
