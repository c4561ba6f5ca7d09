import type { Arguments, Guard } from './guard.js';

const readsList = { '--files0-from': 'reads names from a file' };
const reader = (refused: Readonly<Record<string, string>>): Arguments => ({ unlisted: 'pass', refused });

/** Programs that read files and print. Few of their options do anything else; those are named. */
export const TEXT_GUARDS: readonly Guard[] = [
  {
    kind: 'arguments',
    programs: 'grep egrep fgrep',
    why: 'patterns can be read from any file, which shows its lines',
    arguments: {
      ...reader({
        '-f --file': 'reads patterns from a file',
        '--exclude-from': 'reads names from a file',
      }),
      values: '--exclude',
      first: { kind: 'any', unless: '-e --regexp --regex --rege --reg' },
      operands: 'searched',
    },
  },
  {
    kind: 'arguments',
    programs: 'rg ag ack ugrep ug',
    why: 'files can be handed to another program before they are searched',
    arguments: {
      ...reader({
        '--pre --hostname-bin --pager --filter --view': 'runs another program',
        '-z --search-zip --search-binary': 'runs programs that unpack',
        '-f --file --ignore-file --path-to-ignore --ackrc --config --save-config':
          'reads a file from elsewhere',
        '--hyperlink-format --output': 'writes elsewhere',
      }),
      first: { kind: 'any', unless: '-e --regexp --files --match' },
      operands: 'searched',
    },
  },
  {
    kind: 'arguments',
    programs: 'sort gsort',
    why: 'it can write its result to a file and start a program that compresses',
    arguments: reader({
      '-o --output': 'writes a file',
      '--compress-program': 'runs another program',
      '-T --temporary-directory': 'writes elsewhere',
      '--random-source': 'reads a file',
      ...readsList,
    }),
  },
  {
    kind: 'arguments',
    programs: 'uniq',
    why: 'its second argument is a file it writes',
    arguments: {
      flags: '-c -d -D -i -u -z --count --repeated --unique --ignore-case --zero-terminated',
      values: '-f -s -w --skip-fields --skip-chars --check-chars',
      optional: '--all-repeated --group',
      operands: 'any',
      atMost: 1,
    },
  },
  {
    kind: 'arguments',
    programs: 'wc du',
    why: 'names can be read from a file, which shows them',
    arguments: {
      ...reader({ ...readsList, '-X --exclude-from': 'reads names from a file' }),
      values: '--exclude',
    },
  },
  {
    kind: 'arguments',
    programs: 'diff sdiff colordiff',
    why: 'it can write a file, start a pager or read names from elsewhere',
    arguments: {
      ...reader({
        '-o --output': 'writes a file',
        '-l --paginate --diff-program': 'runs another program',
        '-X --exclude-from --from-file --to-file': 'reads names from a file',
      }),
      values: '--exclude',
      operands: 'searched',
    },
  },
  {
    kind: 'arguments',
    programs: 'base64 base32 basenc',
    why: 'some can write a file',
    arguments: {
      flags: '-d -D -i --decode --ignore-garbage --base64 --base64url --base32 --base16 --z85',
      values: '-w --wrap',
      atMost: 1,
    },
  },
  {
    kind: 'arguments',
    programs: 'xxd',
    why: 'its second argument is a file it writes',
    arguments: { flags: '-a -b -e -E -i -p -ps -u -C', values: '-c -g -l -o -s -n', atMost: 1 },
  },
  {
    kind: 'arguments',
    programs: 'od',
    why: 'a few of its options are not about how it prints',
    arguments: {
      flags: '-a -b -c -d -f -i -l -o -s -x -v',
      values: '-A -j -N -S -t -w --address-radix --format --read-bytes --skip-bytes',
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'hexdump hd',
    why: 'formats can be read from a file',
    arguments: {
      flags: '-b -c -d -o -x -v -C',
      values: '-n -s -e',
      refused: { '-f': 'reads formats from a file' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'file',
    why: 'it can compile a file, start programs that unpack and read names from a file',
    arguments: {
      flags:
        '-b -i -I -k -L -h -r -v -0 -n --brief --mime --mime-type --mime-encoding --dereference --no-dereference --keep-going',
      values: '-F --separator',
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'printf',
    why: 'it can set a variable, which runs what stands in its index',
    arguments: { flags: '--', first: { kind: 'any' } },
  },
  {
    kind: 'arguments',
    programs: 'test [',
    why: 'asking whether a variable is set runs what stands in its index',
    arguments: {
      style: 'words',
      flags:
        '-a -b -c -d -e -f -g -h -k -p -r -s -t -u -w -x -G -L -N -O -S -z -n -o -eq -ne -lt -le -gt -ge -nt -ot -ef',
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'sed gsed',
    why: 'its scripts can run commands and read and write files, and -i changes its input',
    arguments: {
      flags:
        '-n -E -r -u -z -s --quiet --silent --regexp-extended --unbuffered --null-data --separate --posix --debug',
      values: '-e --expression -l --line-length',
      kinds: { '-e --expression': 'sed', '-l --line-length': 'number' },
      refused: { '-i --in-place': 'changes files', '-f --file': 'reads a script from a file' },
      first: { kind: 'sed', unless: '-e --expression' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'awk gawk mawk nawk original-awk bwk goawk bioawk',
    why: 'its programs can run commands and read and write files',
    arguments: {
      flags: '--posix --re-interval',
      values: '-F -v --field-separator --assign',
      refused: {
        '-f --file -i --include -E --exec -l --load -e --source': 'reads a program from elsewhere',
        '-o --pretty-print -p --profile -d --dump-variables -D --debug': 'writes a file',
      },
      first: { kind: 'awk' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'jq gojq jaq',
    why: 'filters can read the environment and other files',
    arguments: {
      flags:
        '-r -c -n -s -e -S -C -M -a -j -R --raw-output --compact-output --null-input --slurp --exit-status --sort-keys --color-output --monochrome-output --ascii-output --join-output --raw-input --tab --unbuffered --stream --seq --raw-output0',
      values: '--indent',
      pairs: '--arg --argjson',
      refused: {
        '-f --from-file -L --library-path --slurpfile --rawfile --argfile --run-tests':
          'reads a file from elsewhere',
      },
      first: { kind: 'jq' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'yq',
    why: 'it can change files, and filters can read the environment and other files',
    arguments: {
      flags:
        '-r -e -c -C -M -P -N --raw-output --unwrapScalar --exit-status --prettyPrint --no-doc --colors --no-colors',
      values: '-o -p --output-format --input-format --indent',
      // The filter may come after `e`, `eval` or `eval-all`.
      operands: 'yq',
    },
  },
  {
    kind: 'arguments',
    programs: 'find gfind',
    why: 'its actions run programs, delete and write files',
    arguments: {
      style: 'words',
      flags:
        '-print -print0 -empty -a -o -not -and -or -depth -d -xdev -mount -follow -L -H -P -ls -readable -writable -executable -prune -quit -nouser -nogroup -true -false -daystart -noleaf -nowarn -ignore_readdir_race -noignore_readdir_race -O1 -O2 -O3',
      values:
        '-name -iname -path -ipath -wholename -iwholename -regex -iregex -type -xtype -size -mtime -mmin -atime -amin -ctime -cmin -newer -anewer -cnewer -maxdepth -mindepth -user -group -uid -gid -perm -links -inum -printf -regextype -lname -ilname -samefile -used -fstype -newermt -newerct -newerat',
      kinds: {
        '-size -mtime -mmin -atime -amin -ctime -cmin -links -inum -uid -gid -maxdepth -mindepth': 'size',
        '-perm': 'permission',
      },
      refused: {
        '-exec -execdir -ok -okdir': 'runs another program',
        '-delete': 'deletes files',
        '-fls -fprint -fprint0 -fprintf': 'writes a file',
        '-files0-from': 'reads names from a file',
      },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'fd fdfind locate plocate mlocate',
    why: 'it can run programs for what it finds',
    arguments: reader({
      '-x --exec -X --exec-batch': 'runs another program',
      '-l --list-details': 'runs ls',
      '--ignore-file': 'reads a file',
      '-d --database -U': 'reads another database',
    }),
  },
  {
    kind: 'arguments',
    programs: 'tree',
    why: 'it can write a file and read names from one',
    arguments: {
      flags:
        '-a -d -l -f -x -p -u -g -s -h -D -F -q -N -Q -i -n -C -r -t -c -U -S -A -J -X -v --noreport --dirsfirst --filesfirst --prune --gitignore --ignore-case --matchdirs --si --du --inodes --device --noreport',
      values: '-L -P -I --filelimit --timefmt --sort --charset',
      unattached: true,
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'tar gtar bsdtar',
    why: 'it can run programs, read from other machines and write anywhere while it unpacks',
    arguments: {
      bundled: true,
      flags:
        '-t -c -v -z -j -J -h -p --list --create --verbose --gzip --bzip2 --xz --zstd --auto-compress --numeric-owner --totals --one-file-system --full-time --sort=name --owner=0 --group=0',
      values: '-f --file --exclude',
      said: '-x --extract --get -k --keep-old-files',
      // Of several things to do it does none, or the last.
      neverWith: { '-t --list': '-c --create -x --extract --get' },
      kinds: { '-f --file': 'inside' },
      refused: {
        '--checkpoint-action --to-command -I --use-compress-program -F --info-script --new-volume-script --rsh-command --rmt-command':
          'runs another program',
        '-C --directory -P --absolute-names --transform --xform --one-top-level': 'writes elsewhere',
        '-T --files-from -X --exclude-from': 'reads names from a file',
      },
      operands: 'below',
    },
  },
  {
    kind: 'arguments',
    programs: 'unzip',
    why: 'it writes what an archive says, where the archive says',
    arguments: { flags: '-l -t -v -Z -z -p -c -q', needs: '-l -t -v -Z -z -p -c', operands: 'any' },
  },
  {
    kind: 'arguments',
    programs: 'zcat gzcat bzcat xzcat zstdcat lzcat',
    why: 'it reads and prints',
    arguments: { flags: '-f -v -q', operands: 'any' },
  },
  {
    kind: 'arguments',
    programs:
      'gzip gunzip xz unxz lzma unlzma zstd unzstd bzip2 bunzip2 pigz unpigz lbzip2 lbunzip2 pbzip2 pbunzip2 brotli unbrotli',
    why: 'it replaces files by others; by prefix it only tells about them or prints what is in them',
    arguments: {
      flags: '-l -t -v -q -d -c --list --test --verbose --quiet --decompress --stdout',
      needs: '-l -t -c --list --test --stdout',
      // Of several things to do they do the last.
      onlyWith: { '-d --decompress': '-c --stdout' },
      neverWith: { '-d --decompress': '-l -t --list --test' },
      operands: 'any',
    },
  },
  {
    kind: 'arguments',
    programs: 'zip',
    why: 'it can run another program to test what it wrote, and delete what it packed',
    arguments: { flags: '-r -q -v -j -X -y -0 -1 -6 -9 --recurse-paths --quiet', operands: 'inside' },
  },
  {
    kind: 'subcommands',
    programs: '7z 7za 7zz',
    why: 'it writes what an archive says, where it is told, and takes names from files',
    subcommands: {
      'l t': { by: 'name', arguments: { style: 'words', flags: '-slt -ba -bd', operands: 'source' } },
    },
  },
  {
    kind: 'arguments',
    programs: 'nm objdump readelf size addr2line c++filt ranlib',
    why: 'it can load other code, and takes options from a file',
    arguments: {
      flags:
        '-a -A -C -D -d -e -f -g -h -H -l -n -p -r -R -s -S -t -T -u -U -V -v -w -W -x --all --debug-syms --defined-only --demangle --disassemble --dynamic --dynamic-syms --extern-only --file-headers --full-contents --headers --notes --sections --segments --symbols --syms --undefined-only --version --wide',
      values: '-j -M --section',
      optionFiles: true,
      operands: 'source',
    },
  },
  {
    kind: 'arguments',
    programs: 'identify',
    why: 'names of pictures can also be commands, scripts and addresses',
    queries: '-version --version',
    arguments: {
      style: 'words',
      flags: '-verbose -ping -quiet',
      values: '-format',
      kinds: { '-format': 'writeout' },
      operands: 'plainfile',
    },
  },
  {
    kind: 'arguments',
    programs: 'ffprobe',
    why: 'names of videos can also be addresses and lists of files, and it can write reports',
    queries: '-version',
    arguments: {
      style: 'words',
      flags:
        '-hide_banner -show_format -show_streams -show_chapters -show_error -pretty -count_frames -count_packets',
      values: '-v -loglevel -of -print_format -output_format -select_streams -show_entries -i',
      kinds: { '-i': 'plainfile' },
      operands: 'plainfile',
    },
  },
  {
    kind: 'arguments',
    programs: 'dot neato twopi circo fdp sfdp',
    why: 'it writes where it is told and reads settings from elsewhere',
    queries: '-V',
    arguments: { flags: '-v -q', values: '-T -K -G -N -E', operands: 'below' },
  },
  {
    kind: 'arguments',
    programs: 'mkdir touch rmdir',
    why: 'it changes files; by prefix only ones below the current directory',
    arguments: { flags: '-p -v -c -a -m --parents --verbose --no-create', operands: 'made' },
  },
  {
    kind: 'arguments',
    programs: 'cp mv',
    why: 'it changes files; by prefix only ordinary ones below the current directory',
    arguments: {
      flags: '-r -R -f -v -n -i -a -p -u --recursive --force --verbose --no-clobber --archive --update -d',
      operands: 'inside',
      refused: { '-t --target-directory -T -S --suffix --backup -b': 'writes elsewhere' },
    },
  },
  {
    kind: 'arguments',
    programs: 'rm',
    why: 'it deletes files; by prefix only ordinary ones below the current directory',
    arguments: {
      flags: '-r -R -f -v -i -d --recursive --force --verbose --dir',
      operands: 'disposable',
      refused: { '--no-preserve-root': 'may delete everything' },
    },
  },
  {
    kind: 'arguments',
    programs: 'chmod',
    why: 'it changes who may use a file; by prefix only ordinary ones below the current directory',
    arguments: {
      flags: '-R -v -c -f --recursive --verbose -r -w -x -X',
      first: { kind: 'mode', unless: '-r -w -x -X' },
      operands: 'inside',
      refused: { '--reference': 'reads another file' },
    },
  },
  {
    kind: 'arguments',
    programs: 'cloc tokei scc',
    why: 'it can unpack with another program and write its report to a file',
    arguments: reader({
      '--extract-with --extract-with-cmd --vcs': 'runs another program',
      '--config --read-lang-def --force-lang-def --list-file --exclude-list-file --options-file --files':
        'reads a file from elsewhere',
      '-o --out --output --report-file --sql --sql-append --ignored --counted --found --categorized --unicode --format-multi --write-lang-def':
        'writes a file',
    }),
  },
];
