/**
 * The one test command: format, lint, types, module graph, contract, then every test on real PostgreSQL.
 *
 *   npm test                     everything
 *   npm test -- test/auth        only the tests whose path matches, without the static checks
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const only = process.argv.slice(2);
const results = mkdtempSync(join(tmpdir(), 'reeve-test-'));
const outputFile = join(results, 'jest.json');

const checks = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['build', 'node', 'scripts/build.mjs'],
  ['types', 'tsc', '-p', 'tsconfig.json', '--noEmit'],
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  ['module graph', 'depcruise', 'src', 'migrations'],
  ['drawn module graph', 'node', 'scripts/module-graph.mjs', '--check'],
  ['contract', 'node', 'scripts/contract.mjs', '--check'],
];
const jest = ['tests', 'jest', '--json', '--outputFile', outputFile, '--silent=false', ...only];

function run([name, command, ...args]) {
  const started = performance.now();
  const bin = command === 'node' ? process.execPath : join('node_modules', '.bin', command);
  const shell = process.platform === 'win32' && command !== 'node';
  // Jest writes its JSON to the file as well as to stdout, which nobody reads.
  const stdio = name === 'tests' ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'];
  const { status } = spawnSync(bin, args, { stdio, shell });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  return status === 0;
}

function summary() {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(outputFile, 'utf8'),
  );
  for (const file of testResults.filter((result) => result.status === 'failed'))
    console.log(`FAIL ${file.name}`);
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites)} failed${skipped}`);
}

let ok = true;
if (only.length === 0) for (const check of checks) ok = run(check) && ok;
ok = run(jest) && ok;
summary();
rmSync(results, { recursive: true, force: true });
process.exit(ok ? 0 : 1);
