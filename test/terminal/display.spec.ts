import { shown } from '../../src/modules/terminal/commands/display.js';

const BLANK = '\u27e8U+0020\u27e9';
const NEWLINE = '\u27e8U+000A\u27e9\n';

describe('What people are shown of a text', () => {
  it.each([
    ['a  b', 'a  b'],
    ['  a', '  a'],
    ['a  ', `a${BLANK}${BLANK}`],
    ['a \nb', `a${BLANK}${NEWLINE}b`],
    ['a\n b', `a${NEWLINE} b`],
    [' ', BLANK],
    ['', ''],
  ])('names the blanks of %j that nobody would see', (text, display) => {
    expect(shown(text)).toBe(display);
  });

  it('costs no more for each blank however many there are', () => {
    const best = (length: number) =>
      Math.min(
        ...Array.from({ length: 10 }, () => {
          const startedMs = performance.now();
          shown(`${' '.repeat(length)}x`);
          return performance.now() - startedMs;
        }),
      );
    best(20_000);

    // Eight times as long would be 64 times the work if each blank looked at all behind it.
    expect(best(160_000)).toBeLessThan(best(20_000) * 30);
  });
});
