import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type VariableName, VARIABLES } from './variables.js';

const root = join(__dirname, '../../..');
const example = readFileSync(join(root, '.env.example'), 'utf8');
const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const names = Object.keys(VARIABLES) as VariableName[];

describe('what people read about the settings', () => {
  it('sets nothing when .env.example is copied', () => {
    expect(parseEnv(example)).toEqual({});
  });

  it.each(names)('.env.example shows %s with its default', (name) => {
    const fallback: unknown = VARIABLES[name].fallback;
    const shown = new RegExp(`^# ${name}=(.*)$`, 'm').exec(example)?.[1];

    expect(shown).toBeDefined();
    if (['string', 'number', 'boolean'].includes(typeof fallback)) expect(shown).toBe(String(fallback));
    else if (VARIABLES[name].isSecret) expect(shown).toBe('');
  });

  it.each(names)('docs/operations.md has a row for %s with its default and bounds', (name) => {
    const row = operations.split('\n').find((line) => new RegExp(`^\\| \`${name}\` *\\|`).test(line));
    const { accepts } = VARIABLES[name];
    const fallback: unknown = VARIABLES[name].fallback;

    expect(row).toBeDefined();
    if (['string', 'number', 'boolean'].includes(typeof fallback))
      expect(row).toContain(`\`${String(fallback)}\``);
    const bounds = /^an integer from (\d+) to (\d+)$/.exec(accepts);
    if (bounds !== null) expect(row).toContain(`${bounds[1]}–${bounds[2]}`);
  });

  it('names no setting that does not exist', () => {
    const known = (name: string) =>
      Object.hasOwn(VARIABLES, name.replace(/_FILE$/, '')) || name === 'REEVE_X';
    const shown = new Set(
      [...(example + operations).matchAll(/\bREEVE_[A-Z0-9_]*[A-Z0-9]/g)].map(([name]) => name),
    );

    expect([...shown].filter((name) => !known(name))).toEqual([]);
  });
});
