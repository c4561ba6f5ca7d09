/** Programs that, with this option, do to a directory what `find` does by descending into it. */
const DESCENDING = /^(?:rm|chmod|chown|chgrp)$/;
/** What makes `find` act on a part only. */
export const NARROWS =
  /^-(?:i?name|i?path|i?wholename|i?regex|size|empty|[acm]time|[acm]min|newer\w*|user|group|[ug]id|nouser|nogroup|perm|inum|samefile|links|lname|fstype|maxdepth|prune)$/;
/** Those of them that leave out what lies deeper, so that something is left whatever their value is. */
const DESCENDS = /^-(?:maxdepth|prune)$/;
const EVERYTHING = /^(?:\*|\*\.\*|\.\*)$/;
const STARTS_EXPRESSION = /^(?:-(?![HLP]$|O\d|D$).*|[(!])$/;

/** A command that `find` runs, with the places where the search starts, or the name that is sought there, for `{}`. */
export function handedByFind(
  find: readonly string[],
  argv: readonly string[],
): readonly string[] | undefined {
  const starts = startsOf(find);
  const narrowing = narrowingOf(find);
  if (narrowing.length > 1) return undefined;
  if (narrowing.length === 1) {
    const [at] = narrowing;
    const name = find[at + 1] ?? '';
    const isName = find[at] === '-name' || find[at] === '-iname';
    return isName
      ? filled(
          argv,
          starts.map((start) => `${start}/${name}`),
        )
      : undefined;
  }
  return withAllBelow(argv, starts);
}

const FD_RUNS = /^(?:-[xX]|--exec(?:-batch)?)(?:=|$)/;
const FD_NARROWS =
  /^(?:-[etdESog].*|--(?:extension|type|max-depth|exact-depth|exclude|size|changed-\w+|owner|glob|fixed-strings)\b.*)$/;
const FD_PLACES = /^(?:--(?:search-path|base-directory)|-C)$/;
const FINDS_ALL = /^(?:\.|\.\*|\^|)$/;

/** The same for `fd`, which is given what is sought first, then where. */
export function handedByFd(fd: readonly string[], argv: readonly string[]): readonly string[] | undefined {
  const end = fd.findIndex((word, index) => index > 0 && FD_RUNS.test(word));
  const own = fd.slice(1, end === -1 ? undefined : end);
  if (own.some((word) => FD_NARROWS.test(word))) return undefined;
  const given = own.filter((word, index) => !word.startsWith('-') && !FD_PLACES.test(own[index - 1] ?? ''));
  const [sought = '', ...starts] = given;
  starts.push(...own.filter((_, index) => FD_PLACES.test(own[index - 1] ?? '')));
  if (!FINDS_ALL.test(sought)) return undefined;
  if (starts.length === 0) starts.push('.');
  const command = argv.slice(0, argv.includes(';') ? argv.indexOf(';') : undefined);
  if (command.length === 0) return undefined;
  return withAllBelow(command, starts);
}

/** The command with everything that lies in these places. */
function withAllBelow(argv: readonly string[], starts: readonly string[]): string[] | undefined {
  const [program, ...rest] = argv;
  // Only settings and redirections: nothing is handed to anybody.
  if (program === undefined) return undefined;
  const isDescending = DESCENDING.test(program.slice(program.lastIndexOf('/') + 1));
  return filled(isDescending ? [program, '-R', ...rest] : argv, starts);
}

function startsOf(find: readonly string[]): string[] {
  const starts: string[] = [];
  for (let index = 1; index < find.length; index++) {
    const word = find[index];
    const first = word.charCodeAt(0);
    const isSign = first === 0x2d || first === 0x28 || first === 0x21; // - ( !
    if (isSign && STARTS_EXPRESSION.test(word)) break;
    if (first !== 0x2d) starts.push(word);
  }
  if (starts.length === 0) starts.push('.');
  return starts;
}

/** Where the tests stand that leave out some of what is found. */
function narrowingOf(find: readonly string[]): number[] {
  const narrowing: number[] = [];
  for (let index = 0; index < find.length; index++) {
    const word = find[index];
    if (word.charCodeAt(0) !== 0x2d || !NARROWS.test(word) || DESCENDS.test(word)) continue;
    if (!EVERYTHING.test(find[index + 1] ?? '')) narrowing.push(index);
  }
  return narrowing;
}

function filled(argv: readonly string[], files: readonly string[]): string[] {
  const filled: string[] = [];
  let isPlaced = false;
  for (const word of argv) {
    if (word !== '{}') {
      filled.push(word);
      continue;
    }
    isPlaced = true;
    for (const file of files) filled.push(file);
  }
  if (!isPlaced) for (const file of files) filled.push(file);
  return filled;
}
