import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const KILLS = Number(process.env.DRILL_KILLS ?? 5);
const WRITES = Number(process.env.DRILL_WRITES ?? 1_000);
const CLIENTS = Number(process.env.DRILL_CLIENTS ?? 25);
const LONGEST_MS = 240_000 * Math.max(1, KILLS / 5, WRITES / 1_000);

const DRILL = join(import.meta.dirname, '../../scripts/crash-drill.mjs');

/** `node scripts/crash-drill.mjs` is the long form of this: 25 kills during 10,000 writes. DRILL_KILLS and the others make this longer. */
describe('kill -9 under load', () => {
  it(
    `loses none of ${WRITES} acknowledged writes in ${KILLS} kills, and the audit log tells of exactly what happened`,
    async () => {
      const sizes = ['--kills', KILLS, '--writes', WRITES, '--clients', CLIENTS].map(String);

      const { code, stdout } = await run([...sizes, '--dist', process.env.REEVE_DIST ?? 'dist']);

      expect({ code, found: stdout.match(/^FOUND .*/gm) ?? [] }).toEqual({ code: 0, found: [] });
      const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, number>;
      expect(report.acknowledged).toBeGreaterThanOrEqual(WRITES);
      expect(report.kills).toBe(KILLS);
      // Ready again without anybody's help, as soon as a start takes on this machine when nothing is wrong.
      expect(report.longestStart).toBeLessThanOrEqual(Math.max(10, 3 * report.firstStart));
    },
    LONGEST_MS + 10_000,
  );
});

async function run(args: string[]): Promise<{ code: number; stdout: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [DRILL, ...args], { timeout: LONGEST_MS });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout: `${stdout}\nFOUND ${stderr}` };
  }
}
