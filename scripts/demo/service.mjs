/** Starts the built service as a stranger would (`npm start`), in a directory of its own, and reads what it prints. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
    probe.once('error', reject);
  });

/** @returns {Promise<{ url: string, setupToken: string, dataDir: string, stop(): Promise<void> }>} */
export async function startService(environment = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeve-'));
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
    cwd: dataDir,
    env: {
      ...process.env,
      REEVE_DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      REEVE_LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const setupToken = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk;
      const token = /rv_stp_\w+/.exec(output)?.[0];
      if (token !== undefined) resolve(token);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then((code) => reject(new Error(`The service stopped with exit code ${code}:\n${output}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}`, setupToken, dataDir, stop };
}
