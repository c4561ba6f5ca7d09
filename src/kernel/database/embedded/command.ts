import { spawn, type SpawnOptions } from 'node:child_process';
import type { ServerAccount } from './server-account.js';

export interface CommandResult {
  /** null when the program could not be started or was killed. */
  readonly code: number | null;
  readonly stdout: string;
  /** What it said, or why it could not be started. */
  readonly stderr: string;
}

/** Runs a program to its end as the account and collects what it says. Never throws: a failure is a result. */
export function run(
  program: string,
  args: readonly string[],
  account: ServerAccount,
  input = '',
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const output = { stdout: '', stderr: '' };
    const failed = (error: unknown) => resolve({ code: null, ...output, stderr: String(error) });
    try {
      const child = spawn(program, args, { ...spawnAs(account), stdio: ['pipe', 'pipe', 'pipe'] });
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
      // A program that ends without reading its input closes the pipe; its exit code tells the story.
      child.stdin.on('error', () => undefined).end(input);
      child.on('error', failed).on('close', (code) => resolve({ code, ...output }));
    } catch (error) {
      failed(error);
    }
  });
}

/**
 * How every program of the database is started. The environment is made from nothing: PG* variables of the operator
 * must not steer this server, and secrets of the application are none of its business. (On Windows, Node adds the
 * variables without which no program starts.)
 */
export function spawnAs(account: ServerAccount): SpawnOptions {
  return {
    // Node takes the id as a signed 32-bit number.
    ...(account && { uid: account.uid | 0, gid: account.gid | 0 }),
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', LC_ALL: 'C' },
    cwd: process.platform === 'win32' ? undefined : '/',
    windowsHide: true,
  };
}
