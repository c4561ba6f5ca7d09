import { TestClock } from '../../../test/support/test-clock.js';
import { Clock } from './clock.js';
import { Entropy } from './entropy.js';
import { Ids, isUuid } from './ids.js';

describe('ids', () => {
  it('are UUIDv7 of the time of the clock', () => {
    const clock = new TestClock();
    clock.advance(3_600_000);

    const id = new Ids(clock, new Entropy()).next();

    expect(isUuid(id)).toBe(true);
    expect(id[14]).toBe('7');
    const stampedMs = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(stampedMs - clock.nowMs())).toBeLessThan(1_000);
  });

  it('ascend strictly, also within a millisecond and when the clock is set back', () => {
    const clock = new TestClock();
    const ids = new Ids(clock, new Entropy());
    const made: string[] = [];
    for (let i = 0; i < 10_000; i++) {
      if (i === 5_000) clock.advance(-60_000);
      made.push(ids.next());
    }

    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  it('have one spelling', () => {
    expect(isUuid('01890a5d-ac96-774b-bcce-b302099a8057')).toBe(true);
    expect(isUuid('01890A5D-AC96-774B-BCCE-B302099A8057')).toBe(false);
    expect(isUuid('01890a5dac96774bbcceb302099a8057')).toBe(false);
    expect(isUuid('01890a5d-ac96-774b-bcce-b302099a8057\n')).toBe(false);
  });
});

describe('the clock', () => {
  it('tells database time once the difference to it is known', () => {
    const clock = new Clock();
    clock.applyOffset(120_000.4);

    expect(clock.offsetMs).toBe(120_000);
    expect(Math.abs(clock.nowMs() - Date.now() - 120_000)).toBeLessThan(100);
    expect(clock.now().getTime()).toBeGreaterThan(Date.now() + 119_000);
  });
});
