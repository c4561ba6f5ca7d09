/**
 * The one test command: format, lint, types, module graph, contract, and every test on real PostgreSQL.
 *
 *   npm test                     everything
 *   npm test -- test/auth        only the tests whose path matches, without the static checks
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

const only = process.argv.slice(2);
const failed = [];
const results = mkdtempSync(join(tmpdir(), 'reeve-test-'));
const outputFile = join(results, 'jest.json');

/** Most of what the linter and the tests make is gone at once; with little room for it, collecting it takes a tenth of the time. */
const ROOM = ['--min-semi-space-size=16', '--max-semi-space-size=64'];

const needed = [
  ['build', 'node', 'scripts/build.mjs'],
  ['contract', 'node', 'scripts/contract.mjs', '--check'],
];
/** They need nothing, and nothing needs them. Linting takes as long as all others together. */
const beside = [
  ['module graph', 'depcruise', 'src', 'migrations'],
  ['drawn module graph', 'node', 'scripts/module-graph.mjs', '--check'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['lint and types', 'node', ...ROOM, 'scripts/lint.mjs'],
];
const jest = [
  ...['tests', 'node', ...ROOM, 'node_modules/jest/bin/jest.js'],
  ...['--json', '--outputFile', outputFile, '--silent=false', ...only],
];

async function run([name, command, ...args], priority = constants.priority.PRIORITY_NORMAL) {
  const started = performance.now();
  const bin = command === 'node' ? process.execPath : join('node_modules', '.bin', command);
  const shell = process.platform === 'win32' && command !== 'node';
  const isJest = name === 'tests';
  // Jest writes its JSON to the file as well as to stdout, which nobody reads.
  const child = spawn(bin, args, {
    stdio: isJest ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    shell,
  });
  if (child.pid !== undefined && priority !== constants.priority.PRIORITY_NORMAL)
    setPriority(child.pid, priority);
  // What the others say meanwhile would stand in the middle of it.
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => said.push(part));
  const status = await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(Buffer.concat(said));
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) failed.push(name);
}

async function runInTurn(checks, priority) {
  for (const check of checks) await run(check, priority);
}

function summary() {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(outputFile, 'utf8'),
  );
  const files = testResults.filter((result) => result.status === 'failed').map(({ name }) => name);
  for (const name of [...failed, ...files]) console.log(`FAIL ${name}`);
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites)} failed${skipped}`);
}

if (only.length > 0) await run(jest);
else {
  // Tests wait often, and what is not urgent takes the processors only while they do.
  const checked = runInTurn(beside, constants.priority.PRIORITY_LOW);
  await runInTurn(needed);
  await run(jest);
  await checked;
}
summary();
rmSync(results, { recursive: true, force: true });
process.exit(failed.length === 0 ? 0 : 1);
