import type { Arguments, Guard, Subcommands } from './guard.js';

export const PYTEST: Arguments = {
  flags:
    '-v -vv -vvv -q -qq -x -s -l --lf --ff --sw --last-failed --failed-first --stepwise --exitfirst --verbose --quiet --collect-only --co --no-header --no-summary --no-cov --showlocals --strict-markers --strict --runxfail --setup-show --markers --fixtures --disable-warnings --cov-branch --nf --new-first --version',
  values:
    '-k -m -n --maxfail --tb --durations --durations-min --timeout --cov-report --cov-fail-under --ignore --deselect --capture --color --dist --numprocesses --verbosity --cov --reruns -p -W',
  optional: '-r --cov',
  kinds: {
    '--cov --ignore --deselect': 'below',
    '--cov-report': 'covering',
    '-p': 'plugin',
    '-W': 'ignored',
    '--color --capture --dist --tb': 'name',
  },
  operands: 'source',
  refused: {
    '-c --config-file --rootdir --confcutdir': 'reads configuration from elsewhere',
    '-o --override-ini': 'changes the configuration',
    '--basetemp': 'empties a directory',
    '--junitxml --junit-xml --log-file --debug --resultlog --report-log': 'writes a file',
    '--pdb --pdbcls --trace': 'starts a debugger',
    '--pythonwarnings': 'may import a module',
  },
};

const RSPEC: Arguments = {
  flags:
    '-b -c -C -w --color --no-color --force-color --fail-fast --no-fail-fast --dry-run --backtrace --profile --no-profile --next-failure --only-failures -n',
  values: '-f --format -e --example -E --example-matches -t --tag --seed --order -P --pattern --fail-fast',
  optional: '--fail-fast --profile',
  kinds: { '-f --format': 'formatter', '-P --pattern': 'source' },
  operands: 'source',
};

const RUBOCOP: Arguments = {
  flags:
    '-P --parallel --no-parallel -l --lint -D --display-cop-names --no-color --color -S --display-style-guide -E --extra-details --fail-fast -F --force-exclusion --only-recognized-file-types -L --list-target-files',
  values: '-f --format --only --except --fail-level',
  kinds: { '-f --format': 'formatter' },
  operands: 'source',
};

const UNITTEST: Arguments = {
  flags: '-v -q -f -b -c --verbose --quiet --failfast --buffer --locals',
  values: '-k -s -p -t --start-directory --pattern',
  kinds: { '-s -t --start-directory': 'source', '-p --pattern': 'source' },
  operands: 'source',
};

const PIP_READS = {
  'list show freeze check': {
    by: 'name',
    arguments: {
      flags:
        '-o --outdated -u --uptodate -l --local --user --not-required -f --files --exclude-editable --pre -v -q --verbose --quiet',
      values: '--format --exclude',
      operands: 'name',
    },
  },
} as const;

const CHECKER: Arguments = {
  flags:
    '--check --diff --quiet -q --verbose -v --strict --version --show-error-codes --pretty --no-color-output --no-error-summary --no-incremental --ignore-missing-imports --show-source --statistics --count --no-cache --skip-string-normalization --check-only',
  values:
    '-l --line-length --select --ignore --extend-ignore --exclude --max-line-length --target-version --python-version --max-complexity --output-format --per-file-ignores --profile --disable --enable',
  said: '--fix',
  kinds: {
    '--disable --enable': 'settings',
    '--output-format --profile --python-version --target-version --select --ignore': 'names',
  },
  operands: 'source',
  refused: {
    '--config --config-file --config-settings --append-config --settings-path':
      'reads configuration from elsewhere',
    '--python-executable': 'runs another program',
    '--fix-only --unsafe-fixes --in-place': 'changes files',
    '--output-file --tee --cache-dir --junit-xml --html-report --txt-report --xml-report': 'writes files',
  },
};

const STYLE_CHECKER: Arguments = { ...CHECKER, needs: '--check --check-only --diff' };

const MYPY: Arguments = {
  ...CHECKER,
  values: `${CHECKER.values} -p -m --package --module`,
  kinds: { ...CHECKER.kinds, '-p -m --package --module': 'name' },
};

const RUFF: Subcommands = {
  check: { by: 'name', arguments: CHECKER },
  // It changes files, as its name says, so a rule has to say it too.
  format: { by: 'subcommand', arguments: CHECKER },
  'version linter rule': { by: 'name', arguments: { operands: 'name' } },
};

/** What an environment that was set up for the project (`poetry run`, `bundle exec`) is mostly asked to run. */
const checksRun: Subcommands = {
  'pytest py.test': { by: 'subcommand', arguments: PYTEST },
  rspec: { by: 'subcommand', arguments: RSPEC },
  rubocop: { by: 'subcommand', arguments: RUBOCOP },
  mypy: { by: 'subcommand', arguments: MYPY },
  'flake8 pylint pyright': { by: 'subcommand', arguments: CHECKER },
  'black isort': { by: 'subcommand', arguments: STYLE_CHECKER },
  ruff: { by: 'subcommand', subcommands: RUFF },
};

/** Programs that run code. The name alone allows nothing; a few ways to run what the project has written are known. */
export const INTERPRETER_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'python pypy',
    why: 'an interpreter runs whatever it is given',
    queries: '--version -V --help',
    subcommands: {
      '-m': {
        by: 'subcommand',
        subcommands: {
          pytest: { by: 'subcommand', arguments: PYTEST },
          unittest: {
            by: 'subcommand',
            arguments: UNITTEST,
            subcommands: { discover: { by: 'name', arguments: UNITTEST } },
          },
          pip: { by: 'subcommand', subcommands: PIP_READS },
          mypy: { by: 'subcommand', arguments: MYPY },
          'flake8 pylint': { by: 'subcommand', arguments: CHECKER },
          'black isort': { by: 'subcommand', arguments: STYLE_CHECKER },
          ruff: { by: 'subcommand', subcommands: RUFF },
          'json.tool': {
            by: 'subcommand',
            arguments: {
              flags: '--sort-keys --no-ensure-ascii --json-lines --compact --tab --no-indent',
              values: '--indent',
              operands: 'below',
              atMost: 1,
            },
          },
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'pytest py.test',
    why: 'it can be given plugins and configuration from elsewhere',
    arguments: PYTEST,
  },
  {
    kind: 'arguments',
    programs: 'mypy',
    why: 'it can be given plugins, another interpreter or files to write',
    arguments: MYPY,
  },
  {
    kind: 'arguments',
    programs: 'flake8 pylint pycodestyle pydocstyle pyright',
    why: 'it can be given plugins, another interpreter or files to write',
    arguments: CHECKER,
  },
  {
    kind: 'arguments',
    programs: 'black isort',
    why: 'without --check it changes files, and it reads its configuration from where it is told',
    queries: '--version',
    arguments: STYLE_CHECKER,
  },
  {
    kind: 'subcommands',
    programs: 'coverage',
    why: 'it runs a program to see what of it is run, and writes reports',
    queries: '--version',
    subcommands: {
      report: {
        by: 'name',
        arguments: {
          flags: '-m --show-missing -i --ignore-errors --skip-covered --skip-empty',
          values: '--include --omit --sort --precision --fail-under --format',
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'pre-commit',
    why: 'it fetches and runs what a file names',
    queries: '--version',
    subcommands: {
      run: {
        by: 'subcommand',
        arguments: {
          flags: '-a --all-files -v --verbose --show-diff-on-failure',
          values: '--hook-stage',
          operands: 'name',
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'tox nox',
    why: 'it runs what a file describes, and can be given another file',
    queries: '--version',
    arguments: {
      flags: '-q -v -r -l --quiet --verbose --recreate --list --skip-missing-interpreters',
      values: '-e -s --session',
      kinds: { '-e -s --session': 'names' },
      atMost: 0,
    },
  },
  {
    kind: 'arguments',
    programs: 'rspec',
    why: 'it can be given code to load and files to write',
    queries: '--version -v',
    arguments: RSPEC,
  },
  {
    kind: 'arguments',
    programs: 'rubocop',
    why: 'it can be given code to load, and changes files when told to',
    queries: '--version -v -V',
    arguments: RUBOCOP,
  },
  {
    kind: 'subcommands',
    programs: 'rails',
    why: 'it runs code of the project, its consoles and its migrations',
    queries: '--version -v',
    subcommands: {
      test: {
        by: 'subcommand',
        arguments: {
          flags: '-v -b -d --verbose --fail-fast',
          values: '-n --name -s --seed',
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'phpunit',
    why: 'it can be given code to load and files to write',
    queries: '--version',
    arguments: {
      flags:
        '-v --verbose --testdox --stop-on-failure --stop-on-error --no-coverage --colors --list-tests --list-groups --no-progress --fail-on-warning --display-warnings --display-deprecations',
      values: '--filter --group --exclude-group --testsuite --order-by',
      optional: '--colors',
      kinds: { '--colors': 'name' },
      operands: 'source',
    },
  },
  {
    kind: 'subcommands',
    programs: 'dotnet',
    why: 'it runs code of the project, and properties and loggers bring other code',
    queries: '--version --info --list-sdks --list-runtimes',
    subcommands: {
      'build test restore': {
        by: 'subcommand',
        arguments: {
          flags: '--no-build --no-restore --no-incremental --nologo --list-tests',
          values: '-c --configuration -v --verbosity -f --framework --filter',
          kinds: { '-c --configuration -v --verbosity -f --framework': 'name' },
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'poetry pipenv uv hatch pdm rye',
    why: 'it runs other programs and installs packages',
    queries: '--version',
    subcommands: { run: { by: 'name', subcommands: checksRun } },
  },
  {
    kind: 'subcommands',
    programs: 'bundle bundler',
    why: 'it runs other programs and installs packages',
    queries: '--version',
    subcommands: { exec: { by: 'name', subcommands: checksRun } },
  },
  {
    kind: 'subcommands',
    programs: 'ruff',
    why: 'it can change files and read its configuration from elsewhere',
    queries: '--version',
    subcommands: RUFF,
  },
  {
    kind: 'subcommands',
    programs: 'pip pipx',
    why: 'installing runs code of the package',
    queries: '--version -V',
    subcommands: PIP_READS,
  },
  {
    kind: 'subcommands',
    programs: 'node nodejs',
    why: 'an interpreter runs whatever it is given',
    queries: '--version -v --help',
    subcommands: {
      '--test': {
        by: 'subcommand',
        arguments: {
          flags: '--test-only --watch --experimental-test-coverage',
          values: '--test-name-pattern --test-concurrency --test-reporter',
          kinds: { '--test-reporter': 'script' },
          operands: 'below',
          refused: { '-r --require --import --loader --experimental-loader': 'loads other code' },
        },
      },
      '--check -c': { by: 'subcommand', arguments: { operands: 'below', atMost: 1 } },
    },
  },
  {
    kind: 'subcommands',
    programs: 'deno',
    why: 'an interpreter runs whatever it is given',
    queries: '--version',
    subcommands: {
      fmt: { by: 'subcommand', arguments: { flags: '--check -q', needs: '--check', operands: 'below' } },
      lint: { by: 'subcommand', arguments: { flags: '-q --json --compact', operands: 'below' } },
      test: {
        by: 'subcommand',
        arguments: { flags: '-q --fail-fast --parallel --doc', values: '--filter', operands: 'below' },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'mix',
    why: 'tasks run code that it is given or finds',
    queries: '--version',
    subcommands: {
      test: {
        by: 'subcommand',
        arguments: {
          flags:
            '--trace --cover --stale --failed --force --color --no-color --no-compile --warnings-as-errors',
          values: '--only --exclude --include --seed --max-failures --timeout --slowest',
          kinds: { '--seed --max-failures --timeout --slowest': 'number' },
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'whole',
    programs:
      'ptpython ptipython bpython jupyter-lab papermill robot behave locust invoke inv doit snakemake nextflow scala-cli amm jbang ocaml evcxr rust-script dlv artisan wp drush symfony wasmtime wasmer perl ruby php lua luajit luatex lualatex tclsh wish r rscript octave julia guile ghc ghci clisp sbcl jjs jrunscript jshell java javac groovy scala kotlin irb ipython jupyter byebug pry rake gem cpan cpanm easy_install erl elixir iex rebar3 racket swift dart tsx ts-node bpftrace gtester cobc msbuild dosbox wine qemu gdbserver jdb pdb perlbug puppet facter chef knife ansible ansible-playbook ansible-test salt fab cdk pulumi crystal nim zig raku sage gp maxima gnuplot bc dc ginsh octave-cli matlab yaegi hugo jekyll tex latex pdftex pdflatex xetex xelatex latexmk dvips volatility sqlmap redcarpet runghc cabal stack gimp ps2pdf gs ghostscript pandoc asciidoctor cowsay cowthink fail2ban-client tic varnishncsa flask django-admin celery gunicorn uvicorn hypercorn alembic streamlit osascript cmd youtube-dl wkhtmltopdf',
    queries: '--version --help',
    why: 'it runs code that it is given or finds; a rule must spell out the whole command',
  },
];
