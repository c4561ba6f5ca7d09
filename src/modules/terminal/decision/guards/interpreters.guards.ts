import type { Arguments, Guard } from './guard.js';

export const PYTEST: Arguments = {
  flags:
    '-v -vv -vvv -q -qq -x -s -l --lf --ff --sw --last-failed --failed-first --stepwise --exitfirst --verbose --quiet --collect-only --co --no-header --no-summary --no-cov --showlocals --strict-markers --strict --runxfail --setup-show --markers --fixtures --disable-warnings --cov-branch --nf --new-first --version',
  values:
    '-k -m -n --maxfail --tb --durations --durations-min --timeout --cov-report --cov-fail-under --ignore --deselect --capture --color --dist --numprocesses --verbosity --cov --reruns -p -W',
  optional: '-r --cov',
  kinds: {
    '--cov --ignore --deselect': 'below',
    '--cov-report': 'name',
    '-p': 'plugin',
    '-W': 'ignored',
    '--color --capture --dist --tb': 'name',
  },
  operands: 'below',
  refused: {
    '-c --config-file --rootdir --confcutdir': 'reads configuration from elsewhere',
    '-o --override-ini': 'changes the configuration',
    '--basetemp': 'empties a directory',
    '--junitxml --junit-xml --log-file --debug --resultlog --report-log': 'writes a file',
    '--pdb --pdbcls --trace': 'starts a debugger',
    '--pythonwarnings': 'may import a module',
  },
};

const UNITTEST: Arguments = {
  flags: '-v -q -f -b -c --verbose --quiet --failfast --buffer --locals',
  values: '-k -s -p -t --start-directory --pattern',
  kinds: { '-s -t --start-directory': 'below', '-p --pattern': 'below' },
  operands: 'below',
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
    '-l --line-length --select --ignore --extend-ignore --exclude --max-line-length --target-version --python-version --max-complexity --output-format --per-file-ignores --profile',
  kinds: { '--output-format --profile --python-version --target-version --select --ignore': 'names' },
  operands: 'below',
  refused: {
    '--config --config-file --config-settings --append-config --settings-path':
      'reads configuration from elsewhere',
    '--python-executable': 'runs another program',
    '--fix --fix-only --unsafe-fixes --in-place': 'changes files',
    '--output-file --tee --cache-dir --junit-xml --html-report --txt-report --xml-report': 'writes files',
  },
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
          'mypy flake8 black isort': { by: 'subcommand', arguments: { ...CHECKER, needs: undefined } },
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
    programs: 'mypy flake8 pylint pycodestyle pydocstyle pyright',
    why: 'it can be given plugins, another interpreter or files to write',
    arguments: CHECKER,
  },
  {
    kind: 'arguments',
    programs: 'black isort',
    why: 'without --check it changes files, and it reads its configuration from where it is told',
    queries: '--version',
    arguments: { ...CHECKER, needs: '--check --check-only --diff' },
  },
  {
    kind: 'subcommands',
    programs: 'ruff',
    why: 'it can change files and read its configuration from elsewhere',
    queries: '--version',
    subcommands: {
      check: { by: 'name', arguments: CHECKER },
      format: { by: 'name', arguments: { ...CHECKER, needs: '--check --diff' } },
      'version linter rule': { by: 'name', arguments: { operands: 'name' } },
    },
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
    kind: 'whole',
    programs:
      'perl ruby php lua luajit luatex lualatex tclsh wish r rscript octave julia guile ghc ghci clisp sbcl jjs jrunscript jshell java javac groovy scala kotlin irb ipython jupyter byebug pry rake rails gem cpan cpanm easy_install erl elixir iex mix rebar3 racket swift dart tsx ts-node esbuild bpftrace gtester cobc dotnet msbuild dosbox wine qemu gdbserver jdb pdb perlbug puppet facter chef knife ansible ansible-playbook ansible-test salt fab cdk pulumi crystal nim zig raku sage gp maxima gnuplot bc dc ginsh octave-cli matlab yaegi hugo jekyll tex latex pdftex pdflatex xetex xelatex latexmk dvips volatility sqlmap redcarpet runghc cabal stack gimp ps2pdf gs ghostscript pandoc asciidoctor cowsay cowthink fail2ban-client tic varnishncsa',
    queries: '--version --help',
    why: 'it runs code that it is given or finds; a rule must spell out the whole command',
  },
];
