import { Entropy } from '../../../kernel/runtime/index.js';
import { canonicalUserCode, drawUserCode } from './user-code.js';

describe('A user code', () => {
  it('is eight letters that cannot be mistaken for one another, drawn evenly', () => {
    const seen = new Map<string, number>();
    for (let i = 0; i < 2_000; i += 1) {
      const code = drawUserCode(new Entropy());
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      for (const letter of code.replace('-', '')) seen.set(letter, (seen.get(letter) ?? 0) + 1);
    }
    // 800 of each are expected; nine standard deviations are no accident.
    for (const count of seen.values()) expect(Math.abs(count - 800)).toBeLessThan(250);
    expect(seen.size).toBe(20);
  });

  it.each(['WDJB-MJHT', 'wdjbmjht', 'Wdjb MJHT', ' w-d-j-b-m-j-h-t ', 'wdjb\u2013mjht'])(
    'is read from %j',
    (typed) => expect(canonicalUserCode(typed)).toBe('WDJB-MJHT'),
  );

  it.each(['', '-', 'WDJB-MJH', 'WDJB-MJHTT', 'AEIO-UYAE', 'WDJB_MJHT', 'ＷDJB-MJHT', "WDJB-MJH'"])(
    'is not %j',
    (typed) => expect(canonicalUserCode(typed)).toBeNull(),
  );
});
