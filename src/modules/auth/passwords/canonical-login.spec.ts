import fc from 'fast-check';
import { canonicalLogin, isAcceptableEmail, isAcceptableUsername } from './canonical-login.js';

describe('canonicalLogin', () => {
  it.each([
    ['capitals', 'ALICE'],
    ['outer blanks', ' \t alice \u3000\n'],
    ['a zero-width space', 'alice\u200b'],
    ['a zero-width joiner inside', 'al\u200dice'],
    ['a word joiner', 'alice\u2060'],
    ['a soft hyphen', 'ali\u00adce'],
    ['a byte order mark', '\ufeffalice'],
    ['bidirectional controls', '\u202ealice\u202c\u2066\u2069'],
    ['a variation selector', 'alice\ufe0f\u{e0100}'],
    ['tag characters', 'alice\u{e0061}\u{e007f}'],
    ['a Hangul filler', 'alice\u3164'],
    ['a blank Braille pattern', 'alice\u2800'],
    ['control characters', 'ali\u0000ce\u0007'],
    ['a lone surrogate', 'alice\ud800'],
    ['full-width letters', 'ａｌｉｃｅ'],
    ['mathematical letters', '𝐚𝐥𝐢𝐜𝐞'],
    ['a Roman numeral', 'alⅰce'],
    ['a blank beside an invisible character', 'alice \u200b'],
    ['a dotless ı', 'alıce'],
    ['a dotted İ', 'ALİCE'],
  ])('takes %s for the same login', (_name, spelling) => {
    expect(canonicalLogin(spelling)).toBe('alice');
  });

  it.each([
    ['STRASSE', 'straße'],
    ['STRAẞE', 'straße'],
    ['ſam', 'SAM'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ', 'οδος'],
    ['André', 'andre\u0301'],
    ['ﬁona', 'FIONA'],
    ['Alice@Example.ORG', 'alice@example.org'],
  ])('takes %s and %s for the same login', (one, other) => {
    expect(canonicalLogin(one)).toBe(canonicalLogin(other));
  });

  it.each([
    ['alice', 'alicе'],
    ['alice', 'alíce'],
    ['alice', 'al ice'],
    ['alice', 'alice.'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(canonicalLogin(one)).not.toBe(canonicalLogin(other));
  });

  it('is its own form, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const form = canonicalLogin(text);
        expect(canonicalLogin(form)).toBe(form);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not changed by case or by invisible characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, seed) => {
        const symbols = [...text];
        const hidden = symbols.toSpliced(seed % (symbols.length + 1), 0, '\u00ad').join('');

        expect(canonicalLogin(text.toLowerCase())).toBe(canonicalLogin(text));
        expect(canonicalLogin(`\u200b${hidden}\u2060`)).toBe(canonicalLogin(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isAcceptableUsername', () => {
  it.each([
    'alice',
    'Alice.Smith_2-x',
    '7of9',
    '1234',
    'andré',
    'andre\u0301',
    'Straße',
    'иван.петров',
    'γιώργος',
    'דנה',
    'سارة',
    '田中さん',
    'ユーザー',
    '김민수',
    'नमस्ते',
    'สมชาย',
    'a'.repeat(64),
  ])('accepts %s', (name) => {
    expect(isAcceptableUsername(name)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['65 letters', 'a'.repeat(65)],
    ['an email', 'alice@example.org'],
    ['a blank', 'alice smith'],
    ['an outer blank', 'alice '],
    ['a line end', 'alice\n'],
    ['a Cyrillic а among Latin letters', 'pаypal'],
    ['a Greek ο among Latin letters', 'gοοgle'],
    ['Latin letters among Cyrillic ones', 'аdmin'],
    ['foreign digits', 'alice٣'],
    ['a zero-width space', 'ali\u200bce'],
    ['a zero-width joiner', 'ali\u200dce'],
    ['a soft hyphen', 'ali\u00adce'],
    ['a bidirectional control', 'alice\u202e'],
    ['a variation selector', 'alice\ufe0f'],
    ['a combining grapheme joiner', 'ali\u034fce'],
    ['a Hangul filler', '\u3164'],
    ['full-width letters', 'ａｌｉｃｅ'],
    ['mathematical letters', '𝐚𝐥𝐢𝐜𝐞'],
    ['a full-width at sign', 'alice＠example'],
    ['a slash', 'a/b'],
    ['emoji', 'alice🙂'],
    ['a NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800'],
    ['signs only', '...'],
    ['a leading dot', '.alice'],
    ['a leading mark', '\u0301alice'],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('refuses %s', (_name, name) => {
    expect(isAcceptableUsername(name)).toBe(false);
  });

  it('accepts no two names that a person could not tell from each other by case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        if (!isAcceptableUsername(text)) return;
        expect(canonicalLogin(text)).toBe(canonicalLogin(text.toUpperCase()));
        expect(canonicalLogin(text).length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isAcceptableEmail', () => {
  it.each([
    'alice@example.org',
    'Alice+tag@sub.example.co',
    "o'neil@example.org",
    `${'a'.repeat(64)}@example.org`,
  ])('accepts %s', (email) => {
    expect(isAcceptableEmail(email)).toBe(true);
  });

  it.each([
    '',
    'alice',
    'alice@',
    'alice@localhost',
    ' alice@example.org',
    'alice@example.org ',
    'alice@example.org\n',
    'alice@example.org,bob@example.org',
    'alice@example.org, bob@example.org',
    'Alice <alice@example.org>',
    'ali\u200bce@example.org',
    'alice@exam\u00adple.org',
    'alice\u202e@example.org',
    'alice\0@example.org',
    `${'a'.repeat(60)}@${'b.'.repeat(120)}org`,
    'a'.repeat(1_000_000),
  ])('refuses %j', (email) => {
    expect(isAcceptableEmail(email)).toBe(false);
  });
});
