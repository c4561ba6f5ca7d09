/**
 * Input that has broken other services, gathered by what it attacks. Used against every field, parameter and route that
 * the OpenAPI document names. Characters that would not survive an editor are written as escapes.
 */

const EMPTY_AND_BLANK = ['', ' ', '  ', '\t', '\n', '\r\n', '\u00a0', '\u3000', '\u200b', '\ufeff', '\u2060'];

const LOOKS_LIKE_SOMETHING_ELSE = [
  ...['null', 'NULL', 'undefined', 'nil', 'None', 'true', 'false', 'NaN', 'Infinity', '-Infinity', '[object Object]'],
  ...['0', '-0', '1', '-1', '1.0', '1e3', '1E400', '0x10', '0b11', '1_000', '1,000', '.5', '5.', '١٢٣', '１２３'],
  ...['9007199254740993', '-9223372036854775809', '999999999999999999999999999999', '2147483648'],
  ...['[]', '{}', '""', '{"$gt":""}', '["admin"]', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'],
  ...['length', 'then', 'default', 'admin', 'root', 'system', 'me', '..', '.', '/', '\\', '*', '%', '_', '?', '#', '&'],
];

const SQL_AND_FRIENDS = [
  ...[`'`, `''`, `"`, '`', `' OR '1'='1`, `'; DROP TABLE users; --`, `1; SELECT pg_sleep(5)`, `' UNION SELECT NULL--`],
  ...[`\\'; SELECT 1; --`, `$1`, `$$; SELECT 1; $$`, `%' OR 1=1 --`, `/* */`, `--`, `E'\\x00'`, `admin'/*`, `1 OR pg_sleep(1)=1`],
  ...[`' || pg_read_file('/etc/passwd') || '`, `") OR ("1"="1`, `%%%%%%%%%%`, `____`, `\\%\\_`, `{"$where":"sleep(1)"}`],
  ...[`*)(uid=*))(|(uid=*`, `<!ENTITY x SYSTEM "file:///etc/passwd">`],
];

const SCRIPTS_AND_TEMPLATES = [
  ...['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'javascript:alert(1)', '<svg/onload=alert(1)>'],
  ...['{{7*7}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '${jndi:ldap://127.0.0.1/a}', '{{constructor.constructor("return 1")()}}'],
  ...['%s%s%s%s%s%n', '%x%x%x', '%d', '{0}', '%(name)s', '$(id)', '`id`', '; id', '| id', '&& id', '\n id', '() { :; }; id'],
  ...['../../../../etc/passwd', '..\\..\\windows\\win.ini', '/dev/null', 'CON', 'file:///etc/passwd', '%2e%2e%2f', '%00', '%0d%0a'],
  ...['=1+1', '+1+1', '-1+1', '@SUM(1)', '=cmd|"/c calc"!A1'],
  ...['a\r\nSet-Cookie: x=1', 'a\nBcc: eve@example.com', 'a\u0085b', 'a\u2028b', 'a\u2029b'],
];

const CONTROL_AND_BROKEN = [
  ...['\0', 'a\0b', 'a\0', '\u0001', '\u0007', '\b', '\u001b[31mred', '\u007f', '\u0080', '\u009b31m'],
  ...['\ud800', '\udfff', 'a\ud83d', '\ude00b', '\udc00\ud800', '\ufffe', '\uffff', '\ufffd'],
];

const SCRIPTS_OF_THE_WORLD = [
  ...['Ωμέγα', 'Привет', '田中さんにあげて', '안녕하세요', 'שלום', 'مرحبا', 'नमस्ते', 'สวัสดี', 'ಠ_ಠ', 'ﷺ', '﷽'],
  ...['é', 'e\u0301', 'Å', 'A\u030a', '\u212b', 'ﬁ', 'ß', 'ẞ', 'İ', 'ı', 'ǅ', 'ŉ', 'ΐ', '\u1e9e', '𝔘𝔫𝔦', 'ａｄｍｉｎ'],
  ...['аdmin', 'ad\u200dmin', 'ad\u00admin', 'a\u034fdmin', '\u202eadmin', '\u2066admin\u2069', '\u200fadmin', 'a\u0300\u0301\u0302\u0303'],
  ...['Z\u0351\u036b\u0343\u036aA\u0359\u0335L\u0322G\u0327O', '👩‍👩‍👧‍👦', '🏳️‍🌈', '👍🏿', '🇩🇪', '1️⃣', '😀'.repeat(100), '\u{e0001}\u{e007f}', '\u{10ffff}'],
];

const MAIL_AND_NET = [
  ...['a@b', '@', 'a@', '@b.c', 'a@b.c', 'a b@c.d', 'a@b..c', 'a@-b.c', '"a b"@c.de', 'a@[127.0.0.1]', 'a@b.c,d@e.f', 'a@b.c\nd@e.f'],
  ...['a@xn--ls8h.la', 'a@💩.la', `${'a'.repeat(65)}@example.com`, `a@${'b'.repeat(250)}.com`, '<a@b.c>', 'a@b.c>', 'mailto:a@b.c'],
  ...['127.0.0.1', '::1', '0.0.0.0/0', '::/0', '10.0.0.0/33', '1.2.3.4/-1', '0x7f.1', '2130706433', 'fe80::1%eth0', 'http://169.254.169.254/'],
];

const TIMES_AND_IDS = [
  ...['2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T23:59:60Z', '0000-01-01T00:00:00Z'],
  ...['9999-12-31T23:59:59.999Z', '2038-01-19T03:14:08Z', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '2026-01-01', 'now', 'infinity'],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11}'],
  ...['01936f5e7b5c7c3a9d616f1d6f6f3c11', '01936F5E-7B5C-7C3A-9D61-6F1D6F6F3C11', 'urn:uuid:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11'],
];

const LARGE = [
  ...['a'.repeat(256), 'a'.repeat(1_025), 'a'.repeat(65_536), '\u0301'.repeat(1_000), '￿'.repeat(500), 'ﷺ'.repeat(250)],
  ...['%'.repeat(10_000), '('.repeat(5_000), `${'a'.repeat(30_000)}!`, `${'0'.repeat(5_000)}1`, `a${' '.repeat(20_000)}b`],
  ...[`${'a.'.repeat(20_000)}@`, `${'a@'.repeat(10_000)}`, '-'.repeat(30_000), '\\'.repeat(10_000), '"'.repeat(10_000)],
];

export const NAUGHTY_STRINGS: readonly string[] = [
  ...EMPTY_AND_BLANK,
  ...LOOKS_LIKE_SOMETHING_ELSE,
  ...SQL_AND_FRIENDS,
  ...SCRIPTS_AND_TEMPLATES,
  ...CONTROL_AND_BROKEN,
  ...SCRIPTS_OF_THE_WORLD,
  ...MAIL_AND_NET,
  ...TIMES_AND_IDS,
  ...LARGE,
];

/** Values of every other type, for fields that expect one in particular. */
export const TYPE_CONFUSIONS: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 1.5, 1e21, 1e308, 2 ** 53 + 1, -(2 ** 63), 2_147_483_648],
  ...['1', 'true', '', 'null'],
  ...[[], [null], [[]], ['a', 'b'], [1, 'a', {}], Array.from({ length: 1_000 }, () => 'a')],
  ...[{}, { a: 1 }, { $gt: '' }, { length: 5 }, { toString: 1 }, { then: 'x' }, { toJSON: 'x' }, { value: { value: {} } }],
];

/** One body that is not what its sender claims, or claims nothing sensible. */
export interface OddBody {
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether RFC 8259 allows it; what it does not allow must be refused. */
  readonly isJson: boolean;
}

const broken = (name: string, text: string | Buffer): OddBody => ({ name, bytes: Buffer.from(text), isJson: false });
const odd = (name: string, text: string): OddBody => ({ name, bytes: Buffer.from(text), isJson: true });
const times = (text: string, count: number) => text.repeat(count);

/** Bodies that a JSON parser must refuse, and those that it must take and the service survive. */
export const ODD_BODIES: readonly OddBody[] = [
  broken('blank', ' '),
  broken('newline', '\n'),
  broken('an open brace', '{'),
  broken('an open bracket', '['),
  broken('a closing brace', '}'),
  broken('brackets that cross', '[{]}'),
  broken('an open string', '"abc'),
  broken('an open member', '{"a"'),
  broken('a colon and nothing', '{"a":'),
  broken('no value', '{"a":}'),
  broken('no name', '{:1}'),
  broken('a comma at the end of an object', '{"a":1,}'),
  broken('a comma at the end of an array', '[1,]'),
  broken('only a comma', '[,]'),
  broken('two commas', '[1,,2]'),
  broken('no comma', '{"a":1 "b":2}'),
  broken('a comma for a colon', '{"a",1}'),
  broken('single quotes', "{'a':1}"),
  broken('a bare name', '{a:1}'),
  broken('a number as a name', '{1:1}'),
  broken('a comment', '{"a":1 /* b */}'),
  broken('a line comment', '{"a":1} // b'),
  broken('two values', '{} {}'),
  broken('rubbish behind', '{}x'),
  broken('rubbish before', 'x{}'),
  broken('a leading zero', '{"a":01}'),
  broken('a plus sign', '{"a":+1}'),
  broken('a point at the end', '{"a":1.}'),
  broken('a point at the beginning', '{"a":.1}'),
  broken('an empty exponent', '{"a":1e}'),
  broken('hexadecimal', '{"a":0x1}'),
  broken('NaN', '{"a":NaN}'),
  broken('Infinity', '{"a":-Infinity}'),
  broken('undefined', '{"a":undefined}'),
  broken('True', '{"a":True}'),
  broken('nul', '{"a":nul}'),
  broken('a raw newline in a string', '{"a":"b\nc"}'),
  broken('a raw tab in a string', '{"a":"b\tc"}'),
  broken('a raw NUL in a string', '{"a":"b\0c"}'),
  broken('a raw NUL behind', '{}\0'),
  broken('an unknown escape', '{"a":"\\x41"}'),
  broken('half an escape', '{"a":"\\u12"}'),
  broken('an escape of the end', '{"a":"\\"}'),
  broken('an escape outside', '{\\u0022a":1}'),
  broken('a byte order mark', '\ufeff{}'),
  broken('UTF-16', Buffer.from('{"a":1}', 'utf16le')),
  broken('UTF-16 with a mark', Buffer.from('\ufeff{"a":1}', 'utf16le')),
  broken('an overlong slash', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])),
  broken('a lone continuation byte', Buffer.from([0x22, 0x80, 0x22])),
  broken('an unfinished sequence', Buffer.from([0x22, 0xe2, 0x82, 0x22])),
  broken('a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  broken('a code point beyond Unicode', Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22])),
  broken('Latin-1', Buffer.from('{"a":"\u00e9"}', 'latin1')),
  broken('random bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
  broken('a form', 'a=1&b=2'),
  broken('XML', '<?xml version="1.0"?><a/>'),
  broken('YAML', 'a: 1\nb: 2'),
  broken('two lines of JSON', '{"a":1}\n{"b":2}'),
  broken('100,000 open brackets', times('[', 100_000)),
  broken('100,000 open objects', times('{"a":', 100_000)),
  broken('a form feed between tokens', '{\f"a":1}'),
  broken('a vertical tab between tokens', '{\v"a":1}'),
  broken('a no-break space between tokens', '{\u00a0"a":1}'),

  odd('null', 'null'),
  odd('a number', '1'),
  odd('a string', '"a"'),
  odd('true', 'true'),
  odd('an empty array', '[]'),
  odd('an array of objects', '[{}]'),
  odd('white space around', ' \t\r\n{} \t\r\n'),
  odd('an empty name', '{"":1}'),
  odd('a name twice', '{"a":1,"a":2}'),
  odd('a name twice by an escape', '{"a":1,"\\u0061":2}'),
  odd('__proto__', '{"__proto__":{"polluted":true}}'),
  odd('constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}'),
  odd('an escaped __proto__', '{"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":true}}'),
  odd('a NUL as a name', '{"\\u0000":1}'),
  odd('a lone surrogate as a name', '{"\\ud800":1}'),
  odd('a surrogate pair in the wrong order', '{"a":"\\udc00\\ud800"}'),
  odd('an escaped NUL', '{"a":"\\u0000"}'),
  odd('a number beyond doubles', '{"a":1e400}'),
  odd('a number of 1,000 digits', `{"a":${times('9', 1_000)}}`),
  odd('minus zero', '{"a":-0}'),
  odd('a number below doubles', '{"a":1e-400}'),
  odd('all escapes', '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041"}'),
  odd('an emoji by its escapes', '{"a":"\\ud83d\\ude00"}'),
  odd('a non-character', '{"a":"\uffff"}'),
  odd('32 levels', times('[', 32) + times(']', 32)),
  odd('33 levels', times('[', 33) + times(']', 33)),
  odd('100,000 levels of arrays', times('[', 100_000) + times(']', 100_000)),
  odd('100,000 levels of objects', times('{"a":', 100_000) + '1' + times('}', 100_000)),
  odd('50,000 members', `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join(',')}}`),
  odd('100,000 items', `[${times('1,', 99_999)}1]`),
  odd('a string of almost 1 MiB', `{"a":"${times('a', 1_048_000)}"}`),
  odd('a name of 100,000 letters', `{"${times('a', 100_000)}":1}`),
  odd('brackets inside a string', `{"a":"${times('[{', 50_000)}"}`),
  odd('a file as a parser would describe it', '{"files":{"x":{"filepath":"/etc/passwd"}}}'),
];

/** Larger than any body may be: 10 MB of white space, which costs a parser nothing. */
export const TEN_MEGABYTES = Buffer.alloc(10_000_000, ' ');

/** What may follow `Content-Type:`, none of them JSON as this service reads it. */
export const WRONG_CONTENT_TYPES: readonly string[] = [
  ...['text/plain', 'text/html', 'text/xml', 'application/xml', 'application/x-www-form-urlencoded', 'application/octet-stream'],
  ...['multipart/form-data; boundary=x', 'application/jsonp', 'application/json5', 'application/x-ndjson', 'application/graphql'],
  ...['json', 'application', '/', '*/*', 'application/', 'application/json/json', 'a'.repeat(1_000)],
  ...['application/json, text/plain', 'text/plain; application/json', ';application/json', 'application/vnd.api+json-x'],
];

/** In place of one segment of a path, percent-encoded as sent. */
export const ODD_SEGMENTS: readonly string[] = [
  ...['%00', '%ff', '%c0%af', '%e2%82', '%', '%2', '%zz', '%25', '%2e%2e', '..%2f..', '%2F', '%5c', '%0d%0a', '%20', '+'],
  ...["'", '%27%20OR%201=1--', '%3Cscript%3E', '%F0%9F%98%80', '__proto__', 'constructor', 'null', 'undefined', '0', '-1', '1e3'],
  ...['*', ':id', '{id}', '~', '!', '$', '@', '=', ',', ';a=b', 'a;b', '%EF%BB%BF', '%E2%80%AE', '%ED%A0%80', 'NaN', 'true', '[]'],
  ...['00000000-0000-0000-0000-000000000000', '01936F5E-7B5C-7C3A-9D61-6F1D6F6F3C11', '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c1', 'a'.repeat(255), 'a'.repeat(257), 'a'.repeat(5_000)],
];

/** Whole query strings, as sent. */
export const ODD_QUERIES: readonly string[] = [
  ...['?', '&', '=', '&&&&', '=&=', '%', '%zz', '%ff=1', '%00=1', 'a=%00', 'a=%ed%a0%80', '%20', '+', 'a=b=c', 'a', '#', 'a%5B'],
  ...['limit=1&limit=2', 'limit=1&LIMIT=2', 'limit[]=1', 'limit[a]=1', 'limit[__proto__]=1', '__proto__=1', '__proto__[polluted]=1'],
  ...['constructor=1', 'constructor[prototype][polluted]=1', 'hasOwnProperty=1', 'toString=1', 'filter[passwordHash]=a', 'sort=passwordHash'],
  ...['limit=0', 'limit=-1', 'limit=201', 'limit=1e2', 'limit=1.5', 'limit=0x10', 'limit=NaN', 'limit=Infinity', 'limit=', 'limit=%201', 'limit=9'.padEnd(400, '9')],
  ...['cursor=a', 'cursor=', 'cursor=%00', 'cursor=bnVsbA', 'cursor=e30', 'cursor=W10', `cursor=${'A'.repeat(2_000)}`, 'total=1', 'total=yes', 'total=TRUE', 'total='],
  ...[Array.from({ length: 200 }, (_, n) => `a${n}=1`).join('&'), `${'a'.repeat(4_000)}=1`, `a=${'b'.repeat(4_000)}`, '&'.repeat(5_000)],
];
