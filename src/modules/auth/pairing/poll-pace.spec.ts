import { paced } from './poll-pace.js';

const NOW = new Date('2026-01-05T09:12:00.000Z');
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

describe('The pace of a device', () => {
  it.each([
    ['the first question', null, 5, false, 5],
    ['a question in time', 5, 5, false, 5],
    ['one that is early by less than a second', 4.2, 5, false, 5],
    ['one that is early', 3.9, 5, true, 10],
    ['one that keeps the longer interval', 10, 10, false, 10],
    ['one that does not', 5, 10, true, 15],
    ['one that never learns', 0, 58, true, 60],
  ])('%s', (_, seconds, intervalSeconds, isTooSoon, next) => {
    const lastPolledAt = seconds === null ? null : secondsAgo(seconds);
    expect(paced({ lastPolledAt, intervalSeconds }, NOW)).toEqual({ isTooSoon, intervalSeconds: next });
  });
});
