import { equalInConstantTime } from './constant-time.js';

describe('equalInConstantTime', () => {
  it('tells equal from different, whatever the lengths and forms', () => {
    expect(equalInConstantTime('abc', 'abc')).toBe(true);
    expect(equalInConstantTime('abc', Buffer.from('abc'))).toBe(true);
    expect(equalInConstantTime('', '')).toBe(true);
    expect(equalInConstantTime('abc', 'abd')).toBe(false);
    expect(equalInConstantTime('abc', 'ab')).toBe(false);
    expect(equalInConstantTime('é', 'e')).toBe(false);
  });
});
