import type { Arguments, Guard, Subcommands } from './guard.js';

/** Options before `--` belong to the package manager: another directory, another shell, another configuration file. */
const SCRIPT: Arguments = {
  flags: '-s --silent --if-present --no-color --workspaces --include-workspace-root -ws',
  values: '-w --workspace -F --filter',
  kinds: { '-w --workspace -F --filter': 'workspace' },
  operands: 'scripted',
  afterDashes: 'scripted',
  refused: {
    '--script-shell --shell': 'runs the script in another shell',
    '--prefix -C --dir --cwd': 'runs the script of another package',
    '--userconfig --globalconfig --use-yarnrc': 'reads configuration from elsewhere',
    '--node-options': 'loads other code',
  },
};
/** What stands after the name of the script is the script's, options too. */
const HANDING: Arguments = { ...SCRIPT, unlisted: 'scripted' };
const INSTALL: Arguments = {
  flags:
    '--ignore-scripts --no-audit --no-fund --no-save --prefer-offline --offline --frozen-lockfile --immutable --dry-run --legacy-peer-deps --omit=dev --include=dev --production --no-optional --silent -s --loglevel=error --no-progress --package-lock-only',
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
  'test tst t': { by: 'name', arguments: SCRIPT },
  'run run-script': { by: 'name', arguments: { ...SCRIPT, first: { kind: 'script' } } },
  'start stop restart': { by: 'subcommand', arguments: SCRIPT },
  'ls list ll la outdated explain why fund licenses': { by: 'name', arguments: LISTING },
  'view info show v': { by: 'name', arguments: { ...LISTING, operands: 'registered' } },
  search: { by: 'name', arguments: { ...LISTING, operands: 'name' } },
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
  config: {
    by: 'subcommand',
    subcommands: { get: { by: 'subcommand', arguments: { operands: 'settings', atMost: 1 } } },
  },
  pack: { by: 'subcommand', arguments: { flags: '--dry-run --json', needs: '--dry-run', atMost: 0 } },
};

/** These programs also know every option in other spellings (`--root-dir`), so only what is listed passes. */
const TESTS: Arguments = {
  flags:
    '--coverage --no-coverage --watch --watchAll --run --ci --bail -b --verbose --silent --runInBand -i --onlyChanged -o --lastCommit --passWithNoTests --detectOpenHandles --forceExit --listTests --no-cache --expand -e --noStackTrace --errorOnDeprecated --randomize --exit --recursive --no-color --color --json --no-watch --hideSkippedTests --allowOnly --dom --no-file-parallelism --inline-diffs --full-trace --typecheck --findRelatedTests --runTestsByPath --logHeapUsage --no-verbose --testLocationInResults --clearMocks --resetMocks --restoreMocks',
  said: '-u --update --updateSnapshot',
  values:
    '-t --testNamePattern --testPathPattern --testPathPatterns --maxWorkers -w --testTimeout --shard --seed --changedSince --grep -g --timeout --retry --project --coverageReporters --reporter --pool --environment --selectProjects --ignoreProjects --test-timeout --maxConcurrency',
  optional:
    '--bail --changed --coverage.enabled --watchAll --watch --coverage --ci --isolate --verbose --silent --passWithNoTests --runInBand',
  unattached: true,
  kinds: {
    '--reporter': 'reporter',
    '--pool': 'pool',
    '--environment': 'surroundings',
    '--coverageReporters --project --selectProjects --ignoreProjects': 'name',
    '--test-timeout --maxConcurrency': 'number',
    '--verbose --silent --passWithNoTests --runInBand': 'boolean',
    '--changedSince --changed': 'revision',
    '--watchAll --watch --coverage --coverage.enabled --ci --isolate': 'boolean',
    '--testPathPattern --testPathPatterns': 'handed',
  },
  first: { kind: 'suite' },
  operands: 'handed',
  refused: {
    '-c --config --rootDir --root-dir --globalSetup --setupFiles --require -r --import --loader --runner --testRunner --transform --resolver --testEnvironment --env --reporters':
      'loads other code',
    '--outputFile --coverageDirectory --cacheDirectory': 'writes files',
  },
};

const BROWSER_TESTS: Subcommands = {
  'test run': {
    by: 'name',
    arguments: {
      ...TESTS,
      flags: '--headed --list --forbid-only --fully-parallel --last-failed --pass-with-no-tests --quiet -x',
      values: `${TESTS.values} --workers -j --retries --repeat-each --grep-invert --max-failures --spec --browser`,
      said: undefined,
      kinds: { ...TESTS.kinds, '--spec --browser': 'source' },
    },
  },
};

/** What changes files as it says does so when the rule says it too. */
const CHECKED_STYLE: Arguments = {
  flags:
    '--quiet --check -c --list-different -l --cache --no-cache --no-color --color --no-inline-config --report-unused-disable-directives --no-error-on-unmatched-pattern --no-warn-ignored --ignore-unknown -u --error-on-warnings --verbose --allow-empty-input --no-editorconfig',
  values: '--ext --max-warnings --log-level --report-unused-disable-directives-severity --ignore-path',
  said: '--write -w',
  kinds: {
    '--max-warnings': 'number',
    '--log-level --report-unused-disable-directives-severity': 'name',
    '--ignore-path': 'below',
  },
  operands: 'below',
  refused: {
    '--config --rulesdir --resolve-plugins-relative-to --plugin --parser -f --format --formatter':
      'loads other code',
    '-o --output-file --cache-file --cache-location --init': 'writes files',
    '--fix --fix-dry-run --fix-type': 'changes files',
  },
};

const LINT: Arguments = {
  flags:
    '--quiet --cache --no-cache --no-color --color --no-inline-config --report-unused-disable-directives --no-error-on-unmatched-pattern --no-warn-ignored --error-on-warnings --verbose --allow-empty-input --no-editorconfig --no-eslintrc --no-ignore --pass-on-no-patterns --no-pass-on-no-patterns',
  values:
    '--ext --max-warnings --log-level --report-unused-disable-directives-severity -f --format --env --ignore-path',
  said: '--fix',
  kinds: {
    '--max-warnings': 'number',
    '--log-level --report-unused-disable-directives-severity': 'name',
    '-f --format': 'formatter',
    '--env': 'settings',
    '--ignore-path': 'below',
  },
  operands: 'below',
  refused: {
    '-c --config --rulesdir --resolve-plugins-relative-to --plugin --parser --formatter': 'loads other code',
    '-o --output-file --cache-file --cache-location --init': 'writes files',
    '--write -w --fix-dry-run --fix-type': 'changes files',
  },
};

const TYPES: Arguments = {
  optionFiles: true,
  flags:
    '--noEmit --strict --watch -w --skipLibCheck --listFiles --incremental --showConfig --diagnostics --extendedDiagnostics --noErrorTruncation -b --build --dry --verbose --emitDeclarationOnly --declaration -d',
  values: '-p --project --target -t --module -m --lib --jsx --moduleResolution --pretty',
  kinds: { '-p --project': 'source', '--pretty': 'boolean' },
  operands: 'typescript',
};

/** What is asked of bundlers, frameworks and checkers of a project. */
const BUNDLING: Arguments = {
  unlisted: 'handed',
  refused: {
    '-c --config --config-file --configFile --configuration -p --plugin --plugins -r --require --rules --ruleset --reporter --specials --parsers --loader --import --require-config --webpack-config --tsconfig --ts-config --root --cwd':
      'loads other code',
    '-o --out --outdir --outDir --outfile --outFile --output --output-path --output-dir --dest --image -i --dist-dir':
      'writes where it is told',
    '--fix': 'changes files',
    '--host --hostname -H --open --serve --servedir': 'opens it to others',
  },
  operands: 'handed',
};
/** Without a subcommand a word is one, or a value of the option before it. */
const BUNDLING_BY_ITSELF: Arguments = {
  ...BUNDLING,
  values: '--mode --port',
  kinds: { '--mode': 'bundlemode', '--port': 'number' },
  atMost: 0,
};
const BUNDLERS: readonly (readonly [programs: string, subcommands: string])[] = [
  ['webpack', 'build bundle b watch w serve server s info configtest'],
  ['vite', 'build dev serve preview optimize'],
  ['next', 'build dev start lint info typegen'],
  ['nuxt nuxi', 'build dev generate preview prepare typecheck info'],
  ['astro', 'build dev preview check sync info'],
  ['ng', 'build b serve dev s test t lint extract-i18n'],
  ['nest', 'build start info i'],
  ['storybook', 'build dev info doctor'],
  ['parcel', 'build serve watch'],
  ['tailwindcss', 'build'],
  ['swc', 'compile'],
  ['redocly', 'lint stats bundle check-config preview preview-docs'],
  ['spectral', 'lint'],
];

const VERSION: Subcommands = { '--version -v': { by: 'name', arguments: { atMost: 0 } } };

/** What the project has installed and is run by `npx`, `pnpm exec` or `yarn`: with the same arguments as by itself. */
const TOOLS: Subcommands = {
  'jest vitest mocha ava': { by: 'subcommand', arguments: TESTS, subcommands: VERSION },
  'playwright cypress': { by: 'subcommand', subcommands: { ...BROWSER_TESTS, ...VERSION } },
  'eslint stylelint': { by: 'subcommand', arguments: LINT, subcommands: VERSION },
  prettier: { by: 'subcommand', arguments: CHECKED_STYLE, subcommands: VERSION },
  'tsc vue-tsc': { by: 'subcommand', arguments: TYPES, subcommands: VERSION },
};

/** What pnpm takes after a script's name is mostly the script's; only what test programs know passes. */
const SCRIPT_OF_TESTS: Arguments = {
  ...SCRIPT,
  flags: `${SCRIPT.flags} ${TESTS.flags}`,
  values: `${SCRIPT.values} -t --testNamePattern --maxWorkers --testTimeout --shard --grep`,
};

export const JAVASCRIPT_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'npm',
    why: 'its options can exchange the shell, the package and the configuration, and installing runs code of packages',
    queries: '--version -v',
    skipped: '-s --silent',
    subcommands: npm,
  },
  {
    kind: 'subcommands',
    programs: 'pnpm',
    why: 'its options can exchange the shell, the package and the configuration, and installing runs code of packages',
    queries: '--version -v',
    skipped: '-r --recursive -s --silent',
    skippedValues: '-F --filter',
    subcommands: {
      ...npm,
      'test tst t': { by: 'name', arguments: SCRIPT_OF_TESTS },
      'run run-script': { by: 'name', arguments: { ...SCRIPT_OF_TESTS, first: { kind: 'script' } } },
      'build lint typecheck format dev': { by: 'subcommand', arguments: SCRIPT_OF_TESTS },
      exec: { by: 'subcommand', subcommands: TOOLS },
      ...TOOLS,
    },
  },
  {
    kind: 'subcommands',
    programs: 'yarn bun',
    why: 'its options can exchange the package and the configuration, and installing runs code of packages',
    queries: '--version -v',
    subcommands: {
      test: { by: 'name', arguments: HANDING },
      run: { by: 'name', arguments: { ...HANDING, first: { kind: 'task' } } },
      'list why outdated': { by: 'name', arguments: LISTING },
      info: { by: 'name', arguments: { ...LISTING, operands: 'registered' } },
      install: { by: 'subcommand', arguments: INSTALL },
      'build lint start typecheck format dev': { by: 'subcommand', arguments: HANDING },
      workspace: { by: 'subcommand', arguments: { first: { kind: 'workspace' }, rest: 'task' } },
      ...TOOLS,
    },
  },
  {
    kind: 'subcommands',
    programs: 'npx bunx',
    why: 'it fetches and starts other programs; by prefix only well-known ones that look, when the rule names them',
    queries: '--version',
    skipped: '--no --no-install --offline',
    subcommands: TOOLS,
  },
  {
    kind: 'whole',
    programs:
      'pnpx uvx mise asdf dotenvx envchain envconsul consul-template honcho foreman overmind hivemind air reflex modd watchman act earthly dagger lage moon rush wireit degit create-vite babel-node ts-node-dev swc-node node-gyp lint-staged husky release-it semantic-release corepack nvm fnm volta lerna gulp grunt nyc c8 nodemon concurrently cross-env env-cmd dotenv onchange chokidar wait-on start-server-and-test npm-run-all pm2 forever zx prisma drizzle-kit sequelize knex typeorm openapi-generator firebase supabase',
    queries: '--version',
    why: 'it fetches or starts other programs; a rule must spell out the whole command',
  },
  {
    kind: 'arguments',
    programs: 'jest vitest mocha ava',
    why: 'it can be given code to load and files to write',
    arguments: TESTS,
  },
  {
    kind: 'subcommands',
    programs: 'tap',
    why: 'it can be given code to load and files to write, and installs plugins',
    queries: '--version -v',
    arguments: { ...TESTS, first: undefined, operands: 'typescript' },
    subcommands: { 'run list': { by: 'name', arguments: { ...TESTS, first: undefined } } },
  },
  {
    kind: 'subcommands',
    programs: 'playwright cypress',
    why: 'it can be given code to load and files to write, and it opens browsers',
    queries: '--version',
    subcommands: BROWSER_TESTS,
  },
  {
    kind: 'subcommands',
    programs: 'turbo',
    why: 'it runs scripts of the repository, and can be told of another one',
    queries: '--version',
    subcommands: {
      run: {
        by: 'name',
        arguments: {
          flags: '--continue --force --no-cache --only --parallel --dry-run --no-daemon',
          values: '-F --filter --concurrency --output-logs --log-order',
          kinds: {
            '-F --filter': 'workspace',
            '--concurrency': 'number',
            '--output-logs --log-order': 'name',
          },
          first: { kind: 'task' },
          operands: 'task',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'nx',
    why: 'it runs what the repository describes, and other programs',
    queries: '--version',
    subcommands: {
      'test build lint e2e': { by: 'name', arguments: { operands: 'name' } },
      run: { by: 'subcommand', arguments: { operands: 'nxtarget', atMost: 1 } },
    },
  },
  {
    kind: 'arguments',
    programs: 'rollup sass typedoc depcheck madge knip esbuild markdownlint markdownlint-cli2',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: BUNDLING,
  },
  ...BUNDLERS.map(([programs, subcommands]): Guard => ({
    kind: 'subcommands',
    programs,
    why: 'it can be given code to load and files to write, and makes and changes projects',
    queries: '--version -v version',
    arguments: BUNDLING_BY_ITSELF,
    subcommands: { [subcommands]: { by: 'name', arguments: BUNDLING } },
  })),
  {
    kind: 'arguments',
    programs: 'prettier',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: CHECKED_STYLE,
  },
  {
    kind: 'arguments',
    programs: 'eslint stylelint tslint',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: LINT,
  },
  {
    kind: 'subcommands',
    programs: 'biome',
    why: 'it changes files when told to, and keeps running',
    queries: '--version version',
    subcommands: {
      'check lint format ci': { by: 'name', arguments: LINT },
      explain: { by: 'name', arguments: { operands: 'name', atMost: 1 } },
    },
  },
  {
    kind: 'arguments',
    programs: 'tsc vue-tsc',
    why: 'it can be told where to write and which plugins to load',
    queries: '--version -v',
    arguments: TYPES,
  },
];
