import type { Arguments, Guard, Subcommands } from './guard.js';

/** Options by which git starts other programs, or writes where it is told; they are the same for many subcommands. */
const REFUSED = {
  '--output -o': 'writes a file',
  '--ext-diff --textconv --filters': 'runs a program that the configuration names',
  '--no-index': 'reads files outside the repository',
  '-O --open-files-in-pager': 'runs a pager',
  '--upload-pack --receive-pack --exec --extcmd': 'runs another program',
  '--contents --pathspec-from-file --orderfile': 'reads a file from elsewhere',
  '--help': 'starts a pager or a browser',
  '-i --interactive -p --patch -e --edit': 'waits for somebody at a terminal',
  '-S --gpg-sign -s --sign --show-signature': 'runs a program that the configuration names',
};

const DIFF_FLAGS =
  '--stat --shortstat --numstat --dirstat --summary --name-only --name-status --raw --check --cached --staged --merge-base --patch -p -u --no-patch -z --minimal --patience --histogram --no-color --no-ext-diff --no-textconv --no-renames --full-index --binary --exit-code --quiet -q -R -a --text -w -b --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --ignore-cr-at-eol -W --function-context --no-prefix --cc -c --combined-all-paths --compact-summary --patch-with-stat --no-indent-heuristic --indent-heuristic --follow --pickaxe-all --pickaxe-regex --relative --no-relative -m --first-parent --no-mnemonic-prefix --ita-invisible-in-index --no-walk --ours --theirs --base';
const DIFF_OPTIONAL =
  '--stat --color --word-diff --color-words --color-moved --submodule --abbrev -M --find-renames -C --find-copies -B --relative --diff-merges --dirstat --ignore-submodules -U --unified';
const DIFF_VALUES =
  '-G -S --diff-filter --word-diff-regex --stat-width --diff-algorithm --inter-hunk-context --src-prefix --dst-prefix --skip-to --rotate-to';
const LOG_FLAGS =
  '--oneline --graph --all --branches --tags --remotes --decorate --no-decorate --merges --no-merges --reverse --date-order --topo-order --author-date-order --left-right --cherry-pick --cherry-mark --boundary --simplify-by-decoration --full-history --ancestry-path --abbrev-commit --no-abbrev-commit --parents --children --source --no-notes --notes --left-only --right-only -i --regexp-ignore-case --all-match --invert-grep -E -F --extended-regexp --fixed-strings --walk-reflogs -g --relative-date --no-expand-tabs --log-size -s --dense --sparse --use-mailmap --no-use-mailmap --no-mailmap';
const LOG_VALUES =
  '-n --max-count --skip --since --after --until --before --author --committer --grep --grep-reflog --format --date --min-parents --max-parents --encoding --exclude --glob -L --decorate-refs --decorate-refs-exclude';

const LOG: Arguments = {
  flags: `${DIFF_FLAGS} ${LOG_FLAGS}`,
  values: `${DIFF_VALUES} ${LOG_VALUES}`,
  optional: `${DIFF_OPTIONAL} --pretty --decorate --branches --tags --remotes`,
  kinds: {
    '--format --pretty': 'pretty',
    '-U --unified --abbrev -n --max-count --skip --min-parents --max-parents --stat-width --inter-hunk-context':
      'number',
  },
  refused: REFUSED,
  numbers: true,
  operands: 'below',
};

const LIST: Arguments = {
  flags:
    '-a -r -v -vv --list --all --remotes --show-current --verbose -l -i --ignore-case --no-column --no-color --merged --no-merged --no-abbrev --omit-empty -q',
  values: '--sort --format --contains --no-contains --points-at --merged --no-merged --count',
  optional: '--column --color --abbrev -n --merged --no-merged',
  kinds: { '--format': 'format', '--sort': 'sortkey', '--count --abbrev -n': 'number' },
  refused: REFUSED,
  operands: 'below',
};

const looking: Subcommands = {
  status: {
    by: 'name',
    arguments: {
      flags:
        '-s -b -sb -v -z -vv --short --branch --long --verbose --show-stash --ahead-behind --no-ahead-behind --no-renames --renames --null',
      values: '',
      optional: '--porcelain --untracked-files -u --ignored --ignore-submodules --column --find-renames',
      operands: 'below',
    },
  },
  'log show diff whatchanged': { by: 'name', arguments: LOG },
  shortlog: {
    by: 'name',
    arguments: {
      ...LOG,
      flags: `-n ${LOG.flags} -e --summary --numbered --email`,
      values: LOG.values?.replace('-n ', ''),
    },
  },
  'diff-tree diff-index diff-files': {
    by: 'name',
    arguments: { ...LOG, flags: `${LOG.flags} -r -t --root --no-commit-id` },
  },
  branch: {
    by: 'name',
    arguments: {
      ...LIST,
      said: '-d -D --delete -m -M --move -f --force -u --set-upstream-to --unset-upstream',
    },
  },
  tag: {
    by: 'name',
    arguments: {
      flags:
        '-l -i -a --annotate --list --ignore-case --no-column --no-color --merged --no-merged --omit-empty',
      values: `${LIST.values} -m --message`,
      onlyWith: { '-a --annotate': '-m --message' },
      optional: LIST.optional,
      kinds: LIST.kinds,
      said: '-d --delete -f --force',
      refused: REFUSED,
      operands: 'below',
    },
  },
  reflog: {
    by: 'name',
    arguments: LOG,
    subcommands: {
      show: { by: 'name', arguments: LOG },
      'expire delete drop write exists list': { by: 'whole' },
    },
  },
  stash: {
    by: 'name',
    words: 2,
    arguments: { flags: '-u --include-untracked -k --keep-index -q --quiet -S --staged', atMost: 0 },
    subcommands: {
      list: { by: 'name', arguments: LOG },
      show: { by: 'name', arguments: { ...LOG, flags: `${LOG.flags} --include-untracked --only-untracked` } },
      'push save': {
        by: 'name',
        words: 2,
        arguments: {
          flags: '-u --include-untracked -a --all -k --keep-index -q --quiet -S --staged',
          values: '-m --message',
          operands: 'below',
        },
      },
      'pop apply': {
        by: 'name',
        words: 2,
        arguments: { flags: '--index -q --quiet', operands: 'below' },
      },
      drop: { by: 'subcommand', arguments: { flags: '-q --quiet', operands: 'below' } },
    },
  },
  remote: {
    by: 'name',
    arguments: { flags: '-v --verbose', atMost: 0 },
    subcommands: {
      'get-url': { by: 'name', arguments: { flags: '--all --push', operands: 'remote' } },
      show: { by: 'name', words: 2, arguments: { flags: '-n', operands: 'remote' } },
    },
  },
  'rev-parse': {
    by: 'name',
    arguments: {
      flags:
        '--abbrev-ref --verify --short --show-toplevel --show-prefix --show-cdup --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --symbolic --symbolic-full-name --quiet -q --all --branches --tags --show-superproject-working-tree --revs-only --no-revs --flags --no-flags',
      optional: '--short --abbrev-ref',
      operands: 'below',
    },
  },
  'ls-files': {
    by: 'name',
    arguments: {
      flags:
        '-c -d -m -o -i -s -u -k -t -v -z -x --cached --deleted --modified --others --ignored --stage --unmerged --killed --exclude-standard --full-name --error-unmatch --directory --no-empty-directory --eol --deduplicate --recurse-submodules',
      values: '-x --exclude --format --with-tree',
      operands: 'below',
      refused: { '-X --exclude-from --exclude-per-directory': 'reads a file from elsewhere' },
    },
  },
  // With a second name it would be changed.
  'symbolic-ref': {
    by: 'subcommand',
    arguments: { flags: '-q --quiet --short --recurse', operands: 'below', atMost: 1 },
  },
  'hash-object': {
    by: 'subcommand',
    arguments: { flags: '--no-filters', values: '-t', kinds: { '-t': 'name' }, operands: 'below' },
  },
  cherry: {
    by: 'subcommand',
    arguments: { flags: '-v --verbose', optional: '--abbrev', operands: 'below' },
  },
  'range-diff': {
    by: 'subcommand',
    arguments: {
      ...LOG,
      flags: `${LOG.flags} --no-dual-color --left-only --right-only`,
      values: `${LOG.values} --creation-factor`,
    },
  },
  'ls-tree': {
    by: 'name',
    arguments: {
      flags: '-d -r -t -l -z --long --name-only --name-status --object-only --full-name --full-tree',
      values: '--format',
      optional: '--abbrev',
      operands: 'below',
    },
  },
  'cat-file': { by: 'name', arguments: { flags: '-t -s -e -p', operands: 'below', refused: REFUSED } },
  blame: {
    by: 'name',
    arguments: {
      flags:
        '-b -c -e -f -l -n -p -s -t -w --root --show-stats --show-name --show-number --show-email --porcelain --line-porcelain --incremental --first-parent --no-progress --progress',
      values: '-L --since --date --ignore-rev',
      optional: '-M -C --abbrev',
      kinds: { '--abbrev': 'number' },
      operands: 'below',
      refused: REFUSED,
    },
  },
  describe: {
    by: 'name',
    arguments: {
      flags: '--all --tags --contains --long --always --exact-match --first-parent --debug',
      values: '--match --exclude --candidates',
      optional: '--dirty --broken --abbrev',
      operands: 'below',
    },
  },
  'merge-base name-rev rev-list': {
    by: 'name',
    arguments: {
      ...LOG,
      flags: `${LOG.flags} --is-ancestor --octopus --fork-point --independent --count --objects --name-only --always`,
      values: `${LOG.values} --refs`,
    },
  },
  'show-ref for-each-ref show-branch count-objects': {
    by: 'name',
    arguments: {
      ...LIST,
      flags: `${LIST.flags} --head --heads --tags --branches --verify -s --hash -d --dereference -v -H --human-readable --sha1-name --quiet`,
    },
  },
  'check-ignore check-attr': {
    by: 'name',
    arguments: { flags: '-v -q -n -a --verbose --quiet --non-matching --all --no-index', operands: 'below' },
  },
  grep: {
    by: 'name',
    arguments: {
      flags:
        '-a -i -w -v -h -H -n -l -L -c -o -p -W -E -G -P -F -q -z --cached --untracked --text --ignore-case --word-regexp --invert-match --full-name --line-number --column --files-with-matches --name-only --files-without-match --count --only-matching --break --heading --show-function --function-context --extended-regexp --basic-regexp --perl-regexp --fixed-strings --quiet --all-match --no-color --recursive -r --no-recursive --and --or --not',
      values: '-A -B -C -e -m --max-count --max-depth --threads --after-context --before-context --context',
      optional: '--color',
      kinds: {
        '-A -B -C -m --max-count --max-depth --threads --after-context --before-context --context': 'number',
      },
      numbers: true,
      first: { kind: 'any', unless: '-e' },
      operands: 'below',
      refused: { ...REFUSED, '-f': 'reads patterns from a file' },
    },
  },
  version: { by: 'name', arguments: { flags: '--build-options' } },
  config: {
    by: 'subcommand',
    arguments: {
      flags:
        '--get --get-all --get-regexp --list -l --global --local --system --worktree --show-origin --show-scope --name-only --bool --int -z',
      first: { kind: 'key', unless: '--get --get-all --get-regexp --list -l' },
      operands: 'name',
      atMost: 1,
    },
  },
};

const MOVED: Arguments = {
  flags: '-n -k -v -r -q --cached --dry-run --verbose --quiet --ignore-unmatch',
  said: '-f --force',
  operands: 'inside',
};

/** What stays on this machine and can be undone with git itself. */
const local: Subcommands = {
  add: {
    by: 'name',
    arguments: {
      flags:
        '-A -u -v -n -N -f --all --update --verbose --dry-run --intent-to-add --no-all --ignore-errors --renormalize',
      operands: 'below',
      refused: REFUSED,
    },
  },
  commit: {
    by: 'name',
    arguments: {
      flags:
        '-a -q -v -s --all --quiet --verbose --allow-empty --amend --no-edit --dry-run --short --porcelain --long --signoff --no-status --only --include --reset-author --no-gpg-sign',
      values: '-m --message --author --date --fixup',
      kinds: { '--fixup': 'revision' },
      said: '-n --no-verify',
      needs: '-m --message --no-edit --dry-run --fixup',
      operands: 'below',
      refused: { ...REFUSED, '-F --file -t --template': 'reads a file from elsewhere' },
    },
  },
  switch: {
    by: 'name',
    arguments: {
      flags: '-q --quiet --no-guess --guess --detach -d --progress --no-progress',
      values: '-c --create',
      said: '-C -f --force --discard-changes',
      kinds: { '-c --create': 'below' },
      operands: 'branch',
    },
  },
  checkout: {
    by: 'subcommand',
    arguments: {
      flags: '-q --quiet --detach --no-guess --progress',
      values: '-b',
      said: '-f --force -B --ours --theirs',
      kinds: { '-b': 'below' },
      optional: '--track -t',
      operands: 'branch',
    },
  },
  restore: {
    by: 'subcommand',
    arguments: { flags: '-S --staged -W --worktree -q --quiet', values: '-s --source', operands: 'below' },
  },
  mv: { by: 'subcommand', arguments: MOVED },
  rm: { by: 'subcommand', arguments: { ...MOVED, operands: 'disposable' } },
  merge: {
    by: 'subcommand',
    arguments: {
      flags:
        '--no-ff --ff-only --ff --squash --no-edit --no-commit --abort --quit --stat -n -q -v --quiet --verbose',
      values: '-m -X',
      kinds: { '-X': 'names' },
      needs: '--ff-only --no-edit --abort --quit --squash --no-commit -m',
      operands: 'below',
    },
  },
  rebase: {
    by: 'subcommand',
    arguments: {
      flags:
        '--abort --skip --quit --autostash --no-autostash -q -v --quiet --verbose --stat -n --no-stat --keep-base',
      values: '--onto',
      said: '-f --force-rebase',
      kinds: { '--onto': 'below' },
      operands: 'below',
      refused: { ...REFUSED, '-x': 'runs another program', '-s --strategy': 'runs another program' },
    },
  },
  'cherry-pick': {
    by: 'subcommand',
    arguments: {
      flags: '-n --no-commit -x --abort --skip --quit --ff --allow-empty',
      values: '-m --mainline',
      operands: 'below',
    },
  },
  revert: {
    by: 'subcommand',
    arguments: {
      flags: '--no-edit -n --no-commit -x --abort --skip --quit',
      values: '-m --mainline',
      needs: '--no-edit -n --no-commit --abort --quit --skip',
      operands: 'below',
    },
  },
  reset: {
    by: 'subcommand',
    arguments: { flags: '--soft --mixed -q --quiet -N', said: '--hard --merge --keep', operands: 'below' },
  },
  clean: {
    by: 'subcommand',
    arguments: {
      flags: '-n --dry-run -q -nd -ndx -ndX -nx -nX -dn -ndq',
      said: '-f -d -x -X --force',
      needs: '-n --dry-run -f --force',
      operands: 'below',
    },
  },
  worktree: {
    by: 'name',
    subcommands: { list: { by: 'name', arguments: { flags: '--porcelain -v -z' } } },
  },
  submodule: {
    by: 'subcommand',
    subcommands: {
      status: { by: 'name', arguments: { flags: '--recursive --cached -q', operands: 'below' } },
    },
  },
};

/** What speaks to another machine, by a name the repository knows. */
const remote: Subcommands = {
  fetch: {
    by: 'subcommand',
    arguments: {
      flags:
        '--all -p --prune -t --tags -n --no-tags -v -q --verbose --quiet --dry-run --progress --unshallow --no-recurse-submodules',
      values: '--depth --deepen --shallow-since -j --jobs',
      said: '-f --force -P --prune-tags',
      first: { kind: 'remote' },
      operands: 'refspec',
      refused: REFUSED,
    },
  },
  pull: {
    by: 'subcommand',
    arguments: {
      flags:
        '--ff-only --no-rebase --ff --no-ff --no-edit --no-commit --autostash -p --prune -t --tags -v -q -r --verbose --quiet --all --progress --no-recurse-submodules',
      values: '--depth',
      optional: '--rebase',
      kinds: { '--rebase': 'rebasing' },
      said: '-f --force',
      first: { kind: 'remote' },
      operands: 'refspec',
      refused: REFUSED,
    },
  },
  push: {
    by: 'subcommand',
    arguments: {
      flags:
        '-u --set-upstream -n --dry-run -v -q --verbose --quiet --follow-tags --atomic --porcelain --progress --no-progress --no-signed --no-force-with-lease --tags',
      said: '-f --force --force-with-lease --force-if-includes --all --branches --mirror --prune -d --delete --no-verify',
      first: { kind: 'remote' },
      operands: 'refspec',
      refused: { ...REFUSED, '-o --push-option': 'is handed to the server' },
    },
  },
  'ls-remote': {
    by: 'subcommand',
    arguments: {
      flags: '--heads --branches --tags --refs -h -t -q --quiet --exit-code --symref',
      values: '--sort',
      kinds: { '--sort': 'sortkey' },
      first: { kind: 'remote' },
      operands: 'refpattern',
      refused: REFUSED,
    },
  },
};

export const GIT_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'git',
    why: 'options before the subcommand replace its configuration, its helpers and its repository, and much of what follows can start programs',
    queries: '--version version',
    skipped: '-P --no-pager --no-optional-locks --literal-pathspecs',
    subcommands: { ...looking, ...local, ...remote },
  },
  {
    kind: 'whole',
    programs:
      'jj sl git-lfs git-crypt gh-dash ghq cvs p4 repo west hg svn bzr tig gitk git-shell lazygit gitui scalar fossil darcs',
    queries: '--version',
    why: 'its options and configuration can start programs; a rule must spell out the whole command',
  },
];
