import type { Arguments, Guard, Subcommands } from './guard.js';

/** Options before `--` belong to the package manager: another directory, another shell, another configuration file. */
const SCRIPT: Arguments = {
  flags: '-s --silent --if-present --no-color',
  operands: 'handed',
  afterDashes: 'handed',
  refused: {
    '--script-shell --shell': 'runs the script in another shell',
    '--prefix -C --dir --cwd': 'runs the script of another package',
    '--userconfig --globalconfig --use-yarnrc': 'reads configuration from elsewhere',
    '--node-options': 'loads other code',
  },
};
const INSTALL: Arguments = {
  flags:
    '--ignore-scripts --no-audit --no-fund --prefer-offline --offline --frozen-lockfile --immutable --dry-run --legacy-peer-deps --omit=dev --include=dev --production --no-optional --silent -s --loglevel=error --no-progress --package-lock-only',
  closed: true,
  atMost: 0,
};
const LISTING: Arguments = {
  flags:
    '-a --all -l --long --json -g --global --parseable --prod --production --dev --silent -s -r --recursive --depth=0',
  values: '--depth --omit --include',
  operands: 'handed',
};

const npm: Subcommands = {
  test: { by: 'name', arguments: SCRIPT },
  tst: { by: 'name', arguments: SCRIPT },
  t: { by: 'name', arguments: SCRIPT },
  'run run-script': { by: 'name', arguments: { ...SCRIPT, first: { kind: 'script' } } },
  'start stop restart': { by: 'subcommand', arguments: SCRIPT },
  'ls list ll la outdated explain why fund licenses': { by: 'name', arguments: LISTING },
  'view info show v search': { by: 'name', arguments: { ...LISTING, operands: 'names' } },
  'root bin whoami ping': { by: 'name', arguments: { flags: '-g --global', atMost: 0 } },
  audit: {
    by: 'subcommand',
    arguments: {
      flags: '--json --production --omit=dev --audit-level=high',
      values: '--audit-level --omit',
      atMost: 0,
    },
  },
  'ci clean-install install i add': { by: 'subcommand', arguments: INSTALL },
  pack: { by: 'subcommand', arguments: { flags: '--dry-run --json', needs: '--dry-run', atMost: 0 } },
};

/** These programs also know every option in other spellings (`--root-dir`), so only what is listed passes. */
const TESTS: Arguments = {
  flags:
    '--coverage --no-coverage --watch --watchAll --run --ci --bail -b --verbose --silent --runInBand -i --onlyChanged -o --lastCommit --passWithNoTests --detectOpenHandles --forceExit --listTests --no-cache --expand -e --noStackTrace --errorOnDeprecated --randomize --exit --recursive --no-color --color --json --no-watch --hideSkippedTests --allowOnly --dom --no-file-parallelism --inline-diffs --full-trace',
  values:
    '-t --testNamePattern --testPathPattern --testPathPatterns --maxWorkers -w --testTimeout --shard --seed --changedSince --grep -g --timeout --retry --project --coverageReporters --reporter',
  optional: '--bail --changed --coverage.enabled',
  kinds: {
    '--reporter': 'reporter',
    '--coverageReporters --project': 'name',
    '--testPathPattern --testPathPatterns': 'handed',
  },
  operands: 'handed',
  refused: {
    '-c --config --rootDir --root-dir --globalSetup --setupFiles --require -r --import --loader --runner --testRunner --transform --resolver --testEnvironment --env --environment --reporters':
      'loads other code',
    '--outputFile --coverageDirectory --cacheDirectory --update -u': 'writes files',
  },
};

export const JAVASCRIPT_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'npm pnpm',
    why: 'its options can exchange the shell, the package and the configuration, and installing runs code of packages',
    queries: '--version -v',
    subcommands: npm,
  },
  {
    kind: 'subcommands',
    programs: 'yarn bun',
    why: 'its options can exchange the package and the configuration, and installing runs code of packages',
    queries: '--version -v',
    subcommands: {
      'test run': { by: 'name', arguments: SCRIPT },
      'list why outdated info': { by: 'name', arguments: LISTING },
      install: { by: 'subcommand', arguments: INSTALL },
      'build lint start typecheck format dev': { by: 'subcommand', arguments: SCRIPT },
    },
  },
  {
    kind: 'whole',
    programs: 'npx bunx pnpx corepack nvm fnm volta lerna nx turbo gulp grunt',
    queries: '--version',
    why: 'it fetches or starts other programs; a rule must spell out the whole command',
  },
  {
    kind: 'arguments',
    programs: 'jest vitest mocha ava tap c8 nyc cypress playwright',
    why: 'it can be given code to load and files to write',
    arguments: TESTS,
  },
  {
    kind: 'arguments',
    programs: 'prettier',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: {
      flags:
        '--quiet --check -c --list-different -l --cache --no-cache --no-color --color --no-inline-config --report-unused-disable-directives --no-error-on-unmatched-pattern --no-warn-ignored --ignore-unknown -u --error-on-warnings --verbose --allow-empty-input --no-editorconfig',
      values: '--ext --max-warnings --log-level --report-unused-disable-directives-severity',
      kinds: {
        '--max-warnings': 'number',
        '--log-level --report-unused-disable-directives-severity': 'name',
      },
      operands: 'below',
      refused: {
        '--config --rulesdir --resolve-plugins-relative-to --plugin --parser -f --format --formatter':
          'loads other code',
        '-o --output-file --cache-file --cache-location --init': 'writes files',
        '--write -w --fix --fix-dry-run --fix-type': 'changes files',
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'eslint stylelint biome tslint',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: {
      flags:
        '--quiet --cache --no-cache --no-color --color --no-inline-config --report-unused-disable-directives --no-error-on-unmatched-pattern --no-warn-ignored --error-on-warnings --verbose --allow-empty-input --no-editorconfig',
      values: '--ext --max-warnings --log-level --report-unused-disable-directives-severity',
      kinds: {
        '--max-warnings': 'number',
        '--log-level --report-unused-disable-directives-severity': 'name',
      },
      operands: 'below',
      refused: {
        '-c --config --rulesdir --resolve-plugins-relative-to --plugin --parser -f --format --formatter':
          'loads other code',
        '-o --output-file --cache-file --cache-location --init': 'writes files',
        '--write -w --fix --fix-dry-run --fix-type': 'changes files',
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'tsc',
    why: 'it can be told where to write and which plugins to load',
    queries: '--version -v',
    arguments: {
      flags:
        '--noEmit --strict --pretty --watch -w --skipLibCheck --listFiles --incremental --showConfig --diagnostics --extendedDiagnostics --noErrorTruncation -b --build --dry --verbose --emitDeclarationOnly --declaration -d',
      values: '-p --project --target -t --module -m --lib --jsx --moduleResolution --pretty',
      kinds: { '-p --project': 'below' },
      operands: 'below',
    },
  },
];
