import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const BUILD = resolve(CHECKOUT, process.env.REEVE_DIST ?? 'dist');

/** The program in one file, and what V8 has compiled of it ahead: a copy that may be spoilt. */
describe('the bundle', () => {
  const project = mkdtempSync(join(tmpdir(), 'reeve-bundle-'));
  const bundle = join(project, 'dist/bundle');
  const text = join(bundle, 'service.cjs');
  const caches = () => readdirSync(bundle).filter((name) => name.endsWith('.cache'));
  const help = async (): Promise<string> => {
    const cli = join(project, 'dist/src/cli.js');
    return (await promisify(execFile)(process.execPath, [cli, '--help'], { cwd: project })).stdout;
  };

  beforeAll(() => {
    cpSync(join(CHECKOUT, 'package.json'), join(project, 'package.json'));
    symlinkSync(join(CHECKOUT, 'node_modules'), join(project, 'node_modules'), 'junction');
    cpSync(BUILD, join(project, 'dist'), { recursive: true });
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('is part of every build, compiled ahead for starts with and without options', () => {
    expect(caches()).toHaveLength(2);
  });

  it('runs as it is, and not as it was when it was compiled', async () => {
    expect(await help()).toMatch(/^Usage: /m);
    writeFileSync(text, readFileSync(text, 'latin1').replaceAll('Usage:', 'uSAGE:'), 'latin1');

    expect(await help()).toMatch(/^uSAGE: /m);
  });

  it('does without what was compiled ahead when a disk has changed it, or when it is gone', async () => {
    for (const name of caches()) {
      const code = readFileSync(join(bundle, name));
      for (let at = 1_000; at < code.length; at += 1_000) code[at] ^= 1;
      writeFileSync(join(bundle, name), code);
    }
    expect(await help()).toMatch(/^uSAGE: /m);
    for (const name of caches()) rmSync(join(bundle, name));
    expect(await help()).toMatch(/^uSAGE: /m);
  });
});
