import { SAFETY_LIST } from '../../../src/modules/terminal/decision/index.js';
import { decided, policyOf } from './deciding.js';

describe.each(SAFETY_LIST.map((entry) => [entry.id, entry] as const))('safety:%s', (id, entry) => {
  const policy = policyOf(['rm', 'cat', 'curl', 'kill', 'chmod', 'dd', 'git', 'ls', 'echo']);

  it.each(entry.match)('denies %s', (command) => {
    const { verdict, reasons } = decided(command, policy);
    expect(reasons.map(({ code }) => code)).toContain(`safety:${id}`);
    expect(verdict).toBe('deny');
  });

  it.each(entry.notMatch)('has nothing against %s', (command) => {
    const { reasons } = decided(command, policy);
    expect(reasons.filter(({ code }) => code.startsWith('safety:'))).toEqual([]);
  });

  it('says why, and has examples of both kinds', () => {
    expect(entry.explanation).toMatch(/^It .*\.$/);
    expect(entry.match.length).toBeGreaterThan(0);
    expect(entry.notMatch.length).toBeGreaterThan(0);
  });
});

it('finds what is deep inside as well as what is on top', () => {
  let command = 'rm -rf /';
  for (const wrapped of [
    (inner: string) => `sudo -u root ${inner}`,
    (inner: string) => `timeout 5 nice -n 3 ${inner}`,
    (inner: string) => `bash -lc "${inner}"`,
    (inner: string) => `echo $(${inner})`,
    (inner: string) => `if true; then ${inner}; fi`,
    (inner: string) => `f() { ${inner}; }; f`,
  ]) {
    command = wrapped(command);
    expect(decided(command, policyOf([])).reasons.map(({ code }) => code)).toContain('safety:delete-root');
  }
});
