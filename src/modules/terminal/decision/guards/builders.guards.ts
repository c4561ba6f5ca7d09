import type { Arguments, Guard } from './guard.js';

const CARGO: Arguments = {
  flags:
    '--release -r --workspace --all --all-targets --all-features --no-default-features --locked --offline --frozen -v -vv -q --verbose --quiet --lib --bins --tests --examples --benches --doc --no-run --no-fail-fast --keep-going --no-deps --future-incompat-report --ignore-rust-version --check',
  values:
    '-p --package --features -F --test --bin --example --bench -j --jobs --profile --message-format --color --exclude --depth -e --edges -i --invert --format-version --target',
  kinds: {
    '-p --package --test --bin --example --bench --profile --exclude': 'names',
    '-F --features': 'features',
    '--target': 'triple',
  },
  refused: {
    '--config -Z -C': 'changes how and with what it builds',
    '--manifest-path --target-dir --out-dir --artifact-dir --lockfile-path': 'works somewhere else',
  },
  first: { kind: 'package' },
  operands: 'package',
};

const GO: Arguments = {
  style: 'words',
  flags:
    '-v -race -short -cover -json -failfast -trimpath -n -x -a -benchmem -work -asan -msan -m -u -versions -deps -test -e -c -all -src -cmd -linkshared=false -d -l -s -fullpath -shuffle=on -find',
  values:
    '-run -bench -benchtime -count -timeout -covermode -coverpkg -coverprofile -parallel -p -tags -cpu -skip -fuzztime -shuffle -vet -mod -f -list',
  kinds: { '-coverprofile': 'coverage', '-mod': 'kept', '-vet -covermode': 'name' },
  operands: 'package',
  refused: {
    '-exec -toolexec -vettool -fix': 'runs another program',
    '-o -cpuprofile -memprofile -blockprofile -mutexprofile -trace -outputdir -testlogfile -pkgdir':
      'writes a file',
    '-ldflags -gcflags -asmflags -gccgoflags -compiler -overlay -modfile -buildmode -C -fuzz -args':
      'changes how, from what or where it builds',
  },
};

const goFlags = (flags: string): Arguments => ({ ...GO, flags });

export const BUILDER_GUARDS: readonly Guard[] = [
  {
    kind: 'arguments',
    programs: 'make gmake',
    why: 'variables and options can exchange the shell, the file and the directory it works with',
    queries: '--version',
    skipped: '-s --silent --quiet -k --keep-going --no-print-directory',
    arguments: {
      flags:
        '-k -s -n -B -w -q --keep-going --silent --quiet --dry-run --just-print --always-make --no-print-directory --print-directory --question --output-sync --no-builtin-rules -r -R --trace',
      values: '-l --load-average',
      optional: '-j --jobs -O --output-sync',
      // Without a number behind it the next word is a target.
      kinds: { '-j --jobs -l --load-average': 'number' },
      operands: 'target',
      closed: true,
      beside: 'setting',
      refused: {
        '-f --file --makefile -I --include-dir -C --directory': 'reads rules from elsewhere',
        '-E --eval': 'runs a rule of its own',
        '-e --environment-overrides': 'takes variables from the environment',
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'cargo',
    why: 'its options can exchange the runner, the linker and the package, and installing runs code of packages',
    queries: '--version -V version',
    skipped: '-q --quiet -v --verbose --locked --offline',
    subcommands: {
      'build check doc bench metadata': {
        by: 'name',
        arguments: { ...CARGO, afterDashes: 'none' },
      },
      tree: {
        by: 'name',
        arguments: { ...CARGO, flags: `${CARGO.flags} -d --duplicates`, afterDashes: 'none' },
      },
      test: {
        by: 'name',
        arguments: { ...CARGO, afterDashes: 'handed', first: undefined, operands: 'testname' },
      },
      clippy: {
        by: 'name',
        arguments: {
          ...CARGO,
          said: '--fix --allow-dirty --allow-staged',
          afterDashes: 'lint',
          operands: 'none',
          first: undefined,
        },
      },
      nextest: {
        by: 'subcommand',
        subcommands: {
          'run list': {
            by: 'subcommand',
            arguments: { ...CARGO, operands: 'testname', first: undefined, afterDashes: 'none' },
          },
        },
      },
      fmt: {
        by: 'name',
        arguments: {
          flags: '--check --all -v -q',
          values: '-p --package',
          afterDashes: 'check',
          operands: 'none',
        },
      },
      run: {
        by: 'subcommand',
        arguments: { ...CARGO, afterDashes: 'handed', operands: 'handed', first: undefined },
      },
      'clean update fetch generate-lockfile': {
        by: 'subcommand',
        arguments: {
          flags: '--locked --offline --dry-run -v -q --release --doc',
          values: '-p --package',
          operands: 'name',
        },
      },
      'version search': { by: 'name', arguments: { operands: 'name' } },
    },
  },
  {
    kind: 'subcommands',
    programs: 'go',
    why: 'its options can run other programs while it builds and write files anywhere',
    subcommands: {
      test: {
        by: 'name',
        arguments: goFlags(
          '-v -race -short -cover -json -failfast -trimpath -n -x -a -benchmem -fullpath -shuffle=on',
        ),
      },
      build: {
        by: 'name',
        arguments: {
          ...goFlags('-v -race -trimpath -n -x -a -json -cover'),
          values: `${GO.values} -o`,
          kinds: { ...GO.kinds, '-o': 'built' },
        },
      },
      vet: { by: 'name', arguments: goFlags('-v -race -trimpath -n -x -a -json -cover') },
      list: { by: 'name', arguments: goFlags('-m -u -json -deps -test -e -versions -find') },
      doc: { by: 'name', arguments: { ...goFlags('-all -src -cmd -u -c -short'), operands: 'names' } },
      fmt: { by: 'name', arguments: { style: 'words', flags: '-n -x', operands: 'package' } },
      version: { by: 'name', arguments: { style: 'words', flags: '', atMost: 0 } },
      env: { by: 'name', arguments: { style: 'words', flags: '-json -changed', operands: 'name' } },
      mod: {
        by: 'subcommand',
        subcommands: {
          'tidy download verify graph why vendor': {
            by: 'subcommand',
            arguments: { style: 'words', flags: '-v -x -json -m -e', operands: 'package' },
          },
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'gofmt rustfmt',
    why: 'it changes files when told to',
    arguments: { flags: '-l -d -e -s --check -q -v', needs: '-l -d --check', operands: 'below' },
  },
  {
    kind: 'arguments',
    programs: 'mvn mvnw',
    why: 'properties and options can run anything the build can',
    queries: '--version -v',
    skipped: '-q -B -o -ntp -e --quiet --batch-mode --offline --no-transfer-progress',
    arguments: {
      style: 'words',
      flags:
        '-q -B -o -U -e -X -fae -ff -fn -nsu -am -amd -quiet -batch-mode -offline -no-transfer-progress -ntp -fail-at-end -also-make -also-make-dependents',
      values: '-pl -projects -T -threads',
      optional: '-DskipTests -DskipITs -Dmaven.test.skip -Dtest -Dit.test',
      kinds: {
        '-pl -projects': 'modules',
        '-T -threads': 'number',
        '-DskipTests -DskipITs -Dmaven.test.skip': 'boolean',
        '-Dtest -Dit.test': 'testnames',
      },
      operands: 'goal',
      closed: true,
      refused: {
        '-f -file -s -settings -gs -global-settings -t -toolchains':
          'builds something else, or with other settings',
        '-P -activate-profiles': 'changes what is built',
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'gradle gradlew',
    why: 'properties and options can run anything the build can',
    queries: '--version -v',
    skipped: '-q --quiet --no-daemon --offline --console=plain',
    arguments: {
      flags:
        '-q --quiet --offline --no-daemon --info --stacktrace --continue --console=plain --parallel --build-cache --no-build-cache --rerun-tasks --dry-run --all',
      values: '--tests -x --exclude-task --configuration --warning-mode',
      kinds: {
        '--tests': 'testnames',
        '-x --exclude-task': 'buildtask',
        '--configuration --warning-mode': 'name',
      },
      operands: 'buildtask',
      closed: true,
      refused: {
        '-p --project-dir -I --init-script -b --build-file -c --settings-file':
          'builds something else, or with other settings',
        '-P -D': 'changes what is built',
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'ctest',
    why: 'scripts and options can run something else than the tests',
    queries: '--version --help',
    arguments: {
      flags:
        '-V -N -Q --verbose --extra-verbose --show-only --quiet --output-on-failure --progress --stop-on-failure --rerun-failed --schedule-random',
      values:
        '-R -E -L -j -C -I --tests-regex --exclude-regex --label-regex --parallel --timeout --build-config --test-dir',
      kinds: { '-j --parallel --timeout': 'number', '--test-dir': 'source' },
      unattached: true,
      atMost: 0,
    },
  },
  {
    kind: 'arguments',
    programs: 'just',
    why: 'options and variables can exchange the shell, the file and the directory it works with',
    queries: '--version --list --summary',
    arguments: { flags: '-n -q -l --dry-run --quiet --list', operands: 'buildtask', closed: true },
  },
  {
    kind: 'subcommands',
    programs: 'golangci-lint',
    why: 'it can change files, write reports and read its configuration from elsewhere',
    queries: '--version version',
    subcommands: {
      run: {
        by: 'name',
        arguments: {
          flags: '-v --verbose --fast --new --no-config --tests=false --allow-parallel-runners',
          values:
            '--timeout -E --enable -D --disable --new-from-rev --max-issues-per-linter --max-same-issues',
          kinds: { '-E --enable -D --disable': 'names', '--new-from-rev': 'revision' },
          operands: 'package',
        },
      },
      linters: { by: 'name', arguments: { atMost: 0 } },
    },
  },
  {
    kind: 'arguments',
    programs: 'staticcheck',
    why: 'it can write profiles',
    arguments: {
      style: 'words',
      values: '-checks -tags -f',
      kinds: { '-f': 'formatter' },
      operands: 'package',
    },
  },
  {
    kind: 'arguments',
    programs: 'clang-format',
    why: 'it changes files when told to and takes options from a file',
    queries: '--version',
    arguments: { flags: '-n --dry-run --Werror', values: '--lines', optionFiles: true, operands: 'source' },
  },
  {
    kind: 'arguments',
    programs: 'shellcheck shfmt hadolint yamllint tflint',
    why: 'it can change files, start other programs or read its configuration from elsewhere',
    queries: '--version -V -version',
    arguments: {
      flags: '-d --diff -l --list -a -x -s --strict --no-warnings --no-color -v --verbose -C',
      values:
        '--severity -S -e --exclude --include -i -f --format --shell --ignore --failure-threshold --indent',
      kinds: { '-f --format': 'formatter', '-i': 'settings', '--shell': 'name' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'actionlint',
    why: 'it can start other programs, write its configuration and read it from elsewhere',
    queries: '--version -version',
    arguments: {
      style: 'words',
      flags: '-no-color -color -oneline -verbose -debug',
      values: '-ignore -format -stdin-filename',
      operands: 'any',
    },
  },
  {
    kind: 'subcommands',
    programs: 'cmake',
    why: 'it runs scripts and commands, and what it builds can be installed',
    queries: '--version --help',
    subcommands: {
      '--build': {
        by: 'subcommand',
        arguments: {
          flags: '-v --verbose --clean-first',
          values: '-t --target --config',
          optional: '-j --parallel',
          kinds: { '-t --target': 'buildtask', '--config': 'name', '-j --parallel': 'number' },
          operands: 'context',
          afterDashes: 'none',
        },
      },
    },
  },
  {
    kind: 'arguments',
    programs: 'ninja samu',
    why: 'it can be given another file or directory, and its tools delete and serve',
    queries: '--version',
    arguments: {
      flags: '-v -n --verbose --quiet',
      values: '-C -j -k -l',
      kinds: { '-C': 'source', '-j -k -l': 'number' },
      operands: 'buildtask',
      closed: true,
    },
  },
  {
    kind: 'subcommands',
    programs: 'meson',
    why: 'it can run tests below other programs and work somewhere else',
    queries: '--version',
    subcommands: {
      'test compile': {
        by: 'subcommand',
        arguments: {
          flags: '-v --verbose -q --quiet --print-errorlogs --no-rebuild --list',
          values: '-C -j --num-processes --suite --no-suite --repeat',
          kinds: { '-C': 'source', '-j --num-processes --repeat': 'number' },
          operands: 'buildtask',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'bazel bazelisk',
    why: 'its options can exchange tools, repositories and where it builds, and bring other programs',
    queries: '--version version --help',
    subcommands: {
      'build test': {
        by: 'subcommand',
        arguments: {
          flags:
            '-k --keep_going --verbose_failures --nocache_test_results --noshow_progress --build_tests_only --nobuild -s',
          values:
            '--test_output --test_filter --jobs -j --compilation_mode -c --runs_per_test --test_timeout --test_tag_filters --build_tag_filters --color --curses --local_test_jobs --test_summary',
          kinds: {
            '--test_output --compilation_mode -c --color --curses --test_summary': 'name',
            '--jobs -j --runs_per_test --test_timeout --local_test_jobs': 'number',
          },
          operands: 'label',
        },
      },
      query: {
        by: 'subcommand',
        arguments: { values: '--output', kinds: { '--output': 'name' }, operands: 'any' },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'swift',
    why: 'an interpreter and compiler that runs whatever it is given',
    queries: '--version --help',
    subcommands: {
      'test build': {
        by: 'subcommand',
        arguments: {
          flags: '-v --verbose -q --quiet --parallel --skip-build --enable-code-coverage --build-tests',
          values: '-c --configuration --filter --skip -j --jobs --num-workers --target --product',
          kinds: { '-c --configuration --target --product': 'name', '-j --jobs --num-workers': 'number' },
          atMost: 0,
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'flutter dart',
    why: 'it runs code that it is given or finds, and installs packages',
    queries: '--version --help',
    subcommands: {
      test: {
        by: 'subcommand',
        arguments: {
          flags: '--coverage --no-pub --pub --machine -v --verbose --chain-stack-traces',
          values:
            '--name --plain-name -n -N -t --tags -x --exclude-tags -j --concurrency --timeout -r --reporter --total-shards --shard-index',
          kinds: { '-r --reporter': 'name', '-j --concurrency': 'number' },
          operands: 'source',
        },
      },
      'analyze doctor': {
        by: 'subcommand',
        arguments: {
          flags: '-v --verbose --fatal-infos --fatal-warnings --no-fatal-infos --no-fatal-warnings --no-pub',
          operands: 'source',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'composer',
    why: 'it runs scripts and plugins of packages and works where it is told',
    queries: '--version -V --help',
    subcommands: {
      install: {
        by: 'subcommand',
        arguments: {
          flags:
            '--no-dev --dev --no-interaction -n --prefer-dist --no-progress --no-scripts --no-plugins --optimize-autoloader -o --dry-run -q --quiet -v --verbose --no-autoloader --ansi --no-ansi',
          atMost: 0,
        },
      },
      'show info outdated validate licenses audit why depends check-platform-reqs diagnose': {
        by: 'subcommand',
        arguments: {
          flags:
            '-i -t -o -l -a -D -P -N -n --installed --tree --outdated --latest --all --direct --platform --name-only --no-dev --strict --no-check-lock --no-interaction --locked -q -v',
          values: '-f --format',
          kinds: { '-f --format': 'name' },
          operands: 'names',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'apt',
    why: 'its options can exchange the programs it runs, and installing runs code of packages',
    queries: '--version --help',
    subcommands: {
      'list show policy search': {
        by: 'subcommand',
        arguments: {
          flags:
            '--installed --upgradable --upgradeable --manual-installed -a --all-versions -q -n --names-only',
          operands: 'unit',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'dpkg dpkg-query',
    why: 'its options start other programs, and installing runs code of packages',
    queries: '--version --help --print-architecture',
    subcommands: {
      '-l --list -L --listfiles -s --status -S --search': {
        by: 'subcommand',
        arguments: { operands: 'any' },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'rpm',
    why: 'its options start other programs and define macros that do, and installing runs code of packages',
    queries: '--version --help',
    subcommands: {
      '-q -qa -qi -ql -qf -qc -qd': {
        by: 'subcommand',
        arguments: { flags: '-a -i -l -f -c -d --last --changelog', operands: 'query' },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'brew',
    why: 'formulas are code, and installing runs more of it',
    queries: '--version --help --prefix config',
    subcommands: {
      'list ls info outdated deps leaves uses desc search': {
        by: 'subcommand',
        arguments: {
          flags:
            '--versions --formula --formulae --cask --casks --json=v2 -1 -l --tree --installed --multiple --pinned',
          operands: 'name',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'rustup',
    why: 'it installs and runs toolchains',
    queries: '--version -V',
    subcommands: {
      show: { by: 'subcommand', arguments: { flags: '-v --verbose', atMost: 0 } },
      'toolchain target component': {
        by: 'subcommand',
        subcommands: {
          list: { by: 'subcommand', arguments: { flags: '-v --verbose --installed', atMost: 0 } },
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'conda mamba micromamba',
    why: 'it installs packages and runs other programs',
    queries: '--version -V',
    subcommands: {
      'list info': {
        by: 'subcommand',
        arguments: {
          flags: '--json -e --export --explicit --no-pip -a --all',
          values: '-n --name',
          kinds: { '-n --name': 'name' },
          operands: 'name',
        },
      },
      env: {
        by: 'subcommand',
        subcommands: { list: { by: 'subcommand', arguments: { flags: '--json', atMost: 0 } } },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'ar',
    why: 'it writes and unpacks archives',
    queries: '--version --help',
    subcommands: { 't tv -t': { by: 'subcommand', arguments: { operands: 'source' } } },
  },
  {
    kind: 'subcommands',
    programs: 'jar',
    why: 'it writes and unpacks archives, also elsewhere',
    queries: '--version --help',
    subcommands: { 'tf tvf -tf -tvf': { by: 'subcommand', arguments: { operands: 'source' } } },
  },
  {
    kind: 'subcommands',
    programs: 'nix',
    why: 'it builds and runs whatever an expression says, from anywhere',
    queries: '--version --help',
    subcommands: {
      build: {
        by: 'subcommand',
        arguments: {
          flags: '-L --print-build-logs --no-link --dry-run --json -v',
          operands: 'flake',
          atMost: 1,
        },
      },
      flake: {
        by: 'subcommand',
        subcommands: {
          'check show metadata': {
            by: 'subcommand',
            arguments: { flags: '--json --no-build -L', operands: 'flake', atMost: 1 },
          },
        },
      },
    },
  },
  {
    kind: 'whole',
    programs:
      'pants plz mill bloop coursier cs mvnd fastlane pod cargo-watch bacon goreleaser gcc g++ cc c++ clang clang++ c89 c99 ld as nasm yasm strip objcopy patchelf ldd protoc buf sqlc clang-tidy buck buck2 scons ant sbt lein rustc rustdoc swiftc xcodebuild nix-shell nix-build apt-get aptitude dnf yum zypper rpmdb ctags etags rpmquery rpmverify apk pacman pkg opkg snap flatpak port update-alternatives ldconfig pkgutil softwareupdate apt-mark apt-key apt-config apt-file apt-ftparchive dpkg-deb dpkg-source dpkg-buildpackage dpkg-reconfigure debootstrap pbuilder mock rpmbuild rpmspec rpmkeys yumdownloader emerge xbps-install yay paru guix spack conan vcpkg pyenv rbenv nodenv goenv jenv sdk devbox devenv flox pixi xcrun launchctl mas asciinema gfortran gccgo cpp tcc gnatmake dlltool windres dtc wasm-pack maturin cross tauri trunk dx opam esy dune spago elm purs gleam lake platformio pio arduino-cli idf.py esptool esptool.py openocd avrdude kotlinc scalac groovyc jlink jpackage jarsigner jcmd jmap wire mockgen mockery stringer buildctl clang-query clang-rename universal-ctags gtags doxygen cscope',
    queries: '--version --help',
    why: 'it runs code while it builds or installs; a rule must spell out the whole command',
  },
];
