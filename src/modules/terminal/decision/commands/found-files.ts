/** Programs that, with this option, do to a directory what `find` does by descending into it. */
const DESCENDING = /^(?:rm|chmod|chown|chgrp)$/;
/** What makes `find` act on a part only. */
export const NARROWS =
  /^-(?:i?name|i?path|i?wholename|i?regex|size|empty|[acm]time|[acm]min|newer\w*|user|group|[ug]id|nouser|nogroup|perm|inum|samefile|links|lname|fstype|maxdepth|prune)$/;
const STARTS_EXPRESSION = /^(?:-(?![HLP]$|O\d|D$).*|[(!])$/;

/** A command that `find` runs, with the places where the search starts, or the name that is sought there, for `{}`. */
export function handedByFind(
  find: readonly string[],
  argv: readonly string[],
): readonly string[] | undefined {
  const end = find.findIndex((word, index) => index > 0 && STARTS_EXPRESSION.test(word));
  const starts = find.slice(1, end === -1 ? undefined : end).filter((word) => !word.startsWith('-'));
  if (starts.length === 0) starts.push('.');
  const tests = find.flatMap((word, index) =>
    NARROWS.test(word) && !/^-(?:maxdepth|prune)$/.test(word) ? [[word, find[index + 1] ?? '']] : [],
  );
  const narrowing = tests.filter(([, value]) => !/^(?:\*|\*\.\*|\.\*)$/.test(value));
  if (narrowing.length > 0) {
    const [[test, name]] = narrowing;
    return narrowing.length === 1 && /^-i?name$/.test(test)
      ? filled(
          argv,
          starts.map((start) => `${start}/${name}`),
        )
      : undefined;
  }
  const [program, ...rest] = argv;
  const isDescending = DESCENDING.test(program.slice(program.lastIndexOf('/') + 1));
  return filled(isDescending ? [program, '-R', ...rest] : argv, starts);
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
  const [program, ...rest] = command;
  const isDescending = DESCENDING.test(program.slice(program.lastIndexOf('/') + 1));
  return filled(isDescending ? [program, '-R', ...rest] : command, starts);
}

function filled(argv: readonly string[], files: readonly string[]): string[] {
  return argv.includes('{}') ? argv.flatMap((word) => (word === '{}' ? files : [word])) : [...argv, ...files];
}
