import type { Arguments, Guard, Subcommands } from './guard.js';

export const PYTEST: Arguments = {
  optionFiles: true,
  flags:
    '-v -vv -vvv -q -qq -x -s -l --lf --ff --sw --last-failed --failed-first --stepwise --exitfirst --verbose --quiet --collect-only --co --no-header --no-summary --no-cov --showlocals --strict-markers --strict --runxfail --setup-show --markers --fixtures --disable-warnings --cov-branch --nf --new-first --version --doctest-modules --no-cov-on-fail --full-trace --xfail-tb --setup-only --setup-plan --cache-show',
  values:
    '-k -m -n --maxfail --tb --durations --durations-min --timeout --cov-report --cov-fail-under --ignore --deselect --capture --color --dist --numprocesses --verbosity --reruns -p -W --log-level --log-cli-level --log-format --log-cli-format --ignore-glob --asyncio-mode --import-mode --randomly-seed --random-order-seed --show-capture --doctest-glob',
  optional: '-r --cov',
  kinds: {
    '--cov --ignore --deselect --ignore-glob --doctest-glob': 'below',
    '--log-level --log-cli-level --asyncio-mode --show-capture --randomly-seed --random-order-seed': 'name',
    '--import-mode': 'importing',
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

const PIP = {
  install: {
    by: 'subcommand',
    arguments: {
      flags:
        '-q --quiet -v --verbose -U --upgrade --user --no-deps --no-cache-dir --no-input --disable-pip-version-check',
      values: '-r --requirement -c --constraint -e --editable',
      kinds: { '-r --requirement -c --constraint': 'manifest', '-e --editable': 'context' },
      needs: '-r --requirement -e --editable',
      atMost: 0,
    },
  },
  index: {
    by: 'subcommand',
    subcommands: {
      versions: { by: 'subcommand', arguments: { flags: '--pre', operands: 'name', atMost: 1 } },
    },
  },
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
  optionFiles: true,
  flags:
    '--check --diff --quiet -q --verbose -v --strict --version --show-error-codes --pretty --no-color-output --no-error-summary --no-incremental --ignore-missing-imports --show-source --statistics --count --no-cache --skip-string-normalization --check-only',
  values:
    '-l --line-length --select --ignore --extend-ignore --exclude --max-line-length --target-version --python-version --max-complexity --output-format --per-file-ignores --profile --disable --enable',
  said: '--fix',
  kinds: {
    '--disable --enable --output-format': 'settings',
    '--profile --python-version --target-version --select --ignore': 'names',
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
  check: {
    by: 'name',
    arguments: {
      ...CHECKER,
      flags: `${CHECKER.flags} --preview --no-preview --exit-zero --show-files --isolated --no-respect-gitignore --no-unsafe-fixes -e`,
      values: `${CHECKER.values} --extend-select --extend-exclude`,
    },
  },
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
          pip: { by: 'subcommand', subcommands: PIP },
          mypy: { by: 'subcommand', arguments: MYPY },
          'flake8 pylint': { by: 'subcommand', arguments: CHECKER },
          'black isort': { by: 'subcommand', arguments: STYLE_CHECKER },
          ruff: { by: 'subcommand', subcommands: RUFF },
          'py_compile compileall': { by: 'subcommand', arguments: { flags: '-q', operands: 'below' } },
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
      run: {
        by: 'subcommand',
        subcommands: {
          '-m': { by: 'subcommand', subcommands: { pytest: { by: 'subcommand', arguments: PYTEST } } },
        },
      },
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
          optionFiles: true,
          flags: '--no-build --no-restore --no-incremental --nologo --list-tests',
          values: '-c --configuration -v --verbosity -f --framework --filter',
          kinds: { '-c --configuration -v --verbosity -f --framework': 'name' },
          // `-fl` is no framework but a log that is written.
          unattached: true,
          operands: 'source',
          afterDashes: 'none',
        },
      },
      list: {
        by: 'subcommand',
        subcommands: {
          'package reference': {
            by: 'name',
            arguments: {
              flags: '--outdated --vulnerable --deprecated --include-transitive --include-prerelease',
              atMost: 0,
            },
          },
        },
      },
      format: {
        by: 'subcommand',
        arguments: {
          flags: '--verify-no-changes --no-restore',
          values: '-v --verbosity --severity',
          kinds: { '-v --verbosity --severity': 'name' },
          needs: '--verify-no-changes',
          operands: 'source',
          atMost: 1,
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'alembic',
    why: 'it runs code of the project and changes data',
    queries: '--version',
    subcommands: {
      'current history heads branches check': {
        by: 'subcommand',
        arguments: { flags: '-v --verbose -i --indicate-current', atMost: 0 },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'gem',
    why: 'installing runs code of the package',
    queries: '--version -v',
    subcommands: {
      list: { by: 'subcommand', arguments: { flags: '-l --local -a --all', operands: 'name' } },
    },
  },
  {
    kind: 'subcommands',
    programs: 'poetry pipenv uv hatch pdm rye',
    why: 'it runs other programs and installs packages',
    queries: '--version',
    subcommands: {
      run: { by: 'name', subcommands: checksRun },
      // What is written down, and nothing else.
      'install sync lock': {
        by: 'subcommand',
        arguments: {
          flags:
            '--frozen --locked --check --all-extras --all-groups --no-dev --dev --deploy --offline --no-root --no-interaction -n -q --quiet --no-progress',
          values: '--extra --group --with --without --only --extras -E',
          kinds: { '--extra --group --with --without --only --extras -E': 'names' },
          atMost: 0,
        },
      },
      pip: { by: 'subcommand', subcommands: { ...PIP, tree: PIP['list show freeze check'] } },
      'show check tree': {
        by: 'subcommand',
        arguments: {
          flags: '-t --tree -l --latest -o --outdated -T --top-level -a --all --no-dev -q --quiet',
          operands: 'name',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'bundle bundler',
    why: 'it runs other programs and installs packages',
    queries: '--version',
    subcommands: {
      exec: { by: 'name', subcommands: checksRun },
      'list show check outdated': {
        by: 'subcommand',
        arguments: { flags: '--parseable --name-only --dry-run --strict', operands: 'name' },
      },
    },
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
    subcommands: PIP,
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
    programs: 'php',
    why: 'an interpreter runs whatever it is given; by prefix it only checks how a program is written',
    queries: '--version -v --help',
    subcommands: { '-l': { by: 'subcommand', arguments: { operands: 'below' } } },
  },
  {
    kind: 'subcommands',
    programs: 'ruby',
    why: 'an interpreter runs whatever it is given; by prefix it only checks how a program is written',
    queries: '--version -v --help',
    subcommands: { '-c -wc': { by: 'subcommand', arguments: { operands: 'below', atMost: 1 } } },
  },
  {
    kind: 'subcommands',
    programs: 'ansible-playbook',
    why: 'it runs code on other machines',
    queries: '--version --help',
    subcommands: {
      '--check --syntax-check': {
        by: 'subcommand',
        arguments: {
          flags: '--diff -D -v -vv -vvv --syntax-check --check --list-hosts --list-tasks --list-tags',
          values: '-i --inventory -l --limit -t --tags --skip-tags -f --forks',
          kinds: {
            '-i --inventory': 'manifest',
            '-l --limit -t --tags --skip-tags': 'names',
            '-f --forks': 'number',
          },
          operands: 'manifest',
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'prove',
    why: 'it can run the tests with another program and load other code',
    queries: '--version -V --help',
    arguments: {
      flags:
        '-v -q -r -l -b -c -f -o -p -w -W -s -t -T -Q --verbose --quiet --recurse --lib --blib --color --nocolor --shuffle --timer --merge --dry --failures',
      values: '-j --jobs',
      kinds: { '-j --jobs': 'number' },
      operands: 'source',
    },
  },
  {
    kind: 'subcommands',
    programs: 'phpstan psalm',
    why: 'it loads the code and the configuration that it is told of',
    queries: '--version -V',
    subcommands: {
      'analyse analyze': {
        by: 'subcommand',
        arguments: {
          flags: '--no-progress --no-interaction -n --debug -v -vv -vvv --ansi --no-ansi -q --quiet --xdebug',
          values: '-l --level --memory-limit --error-format',
          kinds: { '-l --level': 'name', '--memory-limit --error-format': 'name' },
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'phpcs',
    why: 'it loads standards and code that it is told of, and writes reports',
    queries: '--version -i',
    arguments: {
      flags: '-n -w -s -p -q -v -a --colors --no-colors',
      values: '--standard --report --extensions --severity --ignore',
      kinds: { '--standard --report --extensions --severity': 'settings' },
      operands: 'source',
    },
  },
  {
    kind: 'arguments',
    programs: 'bandit',
    why: 'it writes reports and reads settings from elsewhere',
    queries: '--version',
    arguments: {
      flags: '-r --recursive -q --quiet -v --verbose -l -ll -lll -i -ii -iii',
      values: '-f --format -t --tests -s --skip --severity-level --confidence-level',
      kinds: { '-f --format': 'settings', '-t --tests -s --skip': 'names' },
      operands: 'source',
    },
  },
  {
    kind: 'arguments',
    programs: 'semgrep opengrep checkov trivy snyk grype syft tfsec gitleaks trufflehog',
    why: 'it sends what it finds, loads checks that it is told of, and writes reports',
    queries: '--version version -v',
    arguments: {
      unlisted: 'handed',
      refused: {
        '-o -O --out --output --output-file --output-file-path --json-output --sarif-output --json-file-output --sarif-file-output --report-path --cache-dir --create-baseline --create-config':
          'writes files',
        '-a --autofix --fix': 'changes files',
        '-c --config --config-file --rules --module-dir --enable-modules --external-checks-dir --external-checks-git --download-external-modules --plugin --template --policy --config-policy --config-data --ignore-policy --server --command --file --env --bc-api-key':
          'loads other code, reads settings from elsewhere or runs another program',
        '--publish --upload --report': 'sends what it finds',
      },
      // What comes first may be the value of an option before it.
      operands: 'scanned',
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
      check: { by: 'subcommand', arguments: { flags: '-q --quiet --all', operands: 'typescript' } },
      task: {
        by: 'subcommand',
        arguments: { flags: '-q --quiet', first: { kind: 'script' }, operands: 'handed' },
      },
      test: {
        by: 'subcommand',
        arguments: {
          flags: '-q --fail-fast --parallel --doc --no-check --coverage',
          values: '--filter',
          said: '--allow-read --allow-env --allow-net --allow-write --allow-run --allow-all -A',
          // With a colon it would be a package or an address: `npm:x`.
          operands: 'plainfile',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'mix',
    why: 'tasks run code that it is given or finds',
    queries: '--version',
    subcommands: {
      compile: {
        by: 'subcommand',
        arguments: { flags: '--warnings-as-errors --force --all-warnings --no-deps-check', atMost: 0 },
      },
      format: {
        by: 'subcommand',
        arguments: { flags: '--check-formatted', needs: '--check-formatted', operands: 'below' },
      },
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
      'babel pydoc pydoc3 sphinx-build ansible-inventory ansible-galaxy ansible-console ansible-pull ansible-vault ansible-config molecule hy fennel janet moonc luarocks busted luacheck haxe nimble coqc agda idris lean pest rector pint phpcbf php-cs-fixer codecept behat phing deployer phpdbg cucumber erb haml rackup puma unicorn thin guard danger middleman nanoc capistrano cap jupytext nbconvert pyinstaller nuitka cythonize cython shiv pex mutmut nosetests nose2 stestr airflow dagster prefect luigi mlflow dvc ray dask scrapy kedro manage.py vite-node jiti esno electron nw appium stryker artillery k6 newman testcafe wdio nightwatch karma protractor hexo gatsby graphql-codegen openapi-generator-cli swagger-codegen ptpython ptipython bpython jupyter-lab papermill robot behave locust invoke inv doit snakemake nextflow scala-cli amm jbang ocaml evcxr rust-script dlv artisan wp drush symfony wasmtime wasmer perl lua luajit luatex lualatex tclsh wish r rscript octave julia guile ghc ghci clisp sbcl jjs jrunscript jshell java javac groovy scala kotlin irb ipython jupyter byebug pry rake cpan cpanm easy_install erl elixir iex rebar3 racket tsx ts-node bpftrace gtester cobc msbuild dosbox wine qemu gdbserver jdb pdb perlbug puppet facter chef knife ansible ansible-test salt fab cdk crystal nim zig raku sage gp maxima gnuplot bc dc ginsh octave-cli matlab yaegi hugo jekyll tex latex pdftex pdflatex xetex xelatex latexmk dvips volatility sqlmap redcarpet runghc cabal stack gimp ps2pdf gs ghostscript pandoc asciidoctor cowsay cowthink fail2ban-client tic varnishncsa flask django-admin celery gunicorn uvicorn hypercorn streamlit osascript cmd youtube-dl wkhtmltopdf',
    queries: '--version --help',
    why: 'it runs code that it is given or finds; a rule must spell out the whole command',
  },
];
