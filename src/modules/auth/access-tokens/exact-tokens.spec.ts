import { ExactTokens } from './exact-tokens.js';

describe('ExactTokens', () => {
  const tail = '.'.padEnd(60, 's');

  it('knows a token by all of its text', () => {
    const tokens = new ExactTokens<string>(10);
    tokens.add(`header.payload${tail}`, 'known');
    expect(tokens.get(`header.payload${tail}`)).toBe('known');
    expect(tokens.get(`header.another${tail}`)).toBeUndefined();
    expect(tokens.get(tail.slice(-43))).toBeUndefined();
  });

  it('keeps to its size, dropping the oldest', () => {
    const tokens = new ExactTokens<number>(2);
    for (const i of [1, 2, 3]) tokens.add(`token-${i}`, i);
    expect([1, 2, 3].map((i) => tokens.get(`token-${i}`))).toEqual([undefined, 2, 3]);
  });

  it('forgets what it is told to', () => {
    const tokens = new ExactTokens<number>(2);
    tokens.add('token', 1);
    tokens.drop('token');
    expect(tokens.get('token')).toBeUndefined();
  });
});
