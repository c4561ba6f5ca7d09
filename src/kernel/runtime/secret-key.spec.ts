import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '../crypto/secret.js';
import { loadSecretKey } from './secret-key.js';

describe('the secret key', () => {
  let parent: string;
  let dataDir: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'reeve-key-'));
    dataDir = join(parent, 'deep', 'data');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const keyFile = () => join(dataDir, 'secret.key');

  it('is the configured one, and then no file appears', () => {
    const secretKey = new Secret('from the environment');

    expect(loadSecretKey({ secretKey, dataDir })).toBe(secretKey);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is made once, for its owner alone, with 32 random bytes', () => {
    const key = loadSecretKey({ dataDir }).reveal();

    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(loadSecretKey({ dataDir }).reveal()).toBe(key);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['secret.key']);
  });

  it('is never replaced when the file is damaged', () => {
    loadSecretKey({ dataDir });
    writeFileSync(keyFile(), 'half a k');

    expect(() => loadSecretKey({ dataDir })).toThrow(/does not hold a key/);
    expect(readFileSync(keyFile(), 'utf8')).toBe('half a k');
  });

  it('is refused when every user of the machine can read it', () => {
    loadSecretKey({ dataDir });
    chmodSync(keyFile(), 0o644);

    expect(() => loadSecretKey({ dataDir })).toThrow(/chmod 600/);
  });

  it('is the same one for processes that ask for it at the same moment', async () => {
    const program = `
      const { transformSync } = require(process.argv[1]);
      const { readFileSync } = require('node:fs');
      const Module = require('node:module');
      require.extensions['.ts'] = (module, file) =>
        module._compile(transformSync(readFileSync(file, 'utf8'), { filename: file, swcrc: false,
          jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } }, module: { type: 'commonjs' } }).code, file);
      const resolve = Module._resolveFilename;
      Module._resolveFilename = (request, ...rest) => resolve(request.replace(/^(\\.{1,2}\\/.*)\\.js$/, '$1.ts'), ...rest);
      const { loadSecretKey } = require(process.argv[2]);
      while (Date.now() < Number(process.argv[4]));
      process.stdout.write(loadSecretKey({ dataDir: process.argv[3] }).reveal());
    `;
    const swc = createRequire(__filename).resolve('@swc/core');
    const startAt = String(Date.now() + 1_500);
    const run = () =>
      promisify(execFile)(process.execPath, [
        '-e',
        program,
        swc,
        join(__dirname, 'secret-key.ts'),
        dataDir,
        startAt,
      ]);

    const keys = (await Promise.all([run(), run(), run(), run()])).map(({ stdout }) => stdout);

    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBe(loadSecretKey({ dataDir }).reveal());
    expect(readdirSync(dataDir)).toEqual(['secret.key']);
  });
});
