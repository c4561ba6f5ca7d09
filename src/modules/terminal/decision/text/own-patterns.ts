/** Programs that search files, and the option by which they are told which ones. */
const SEARCHES = /^(?:[efu]?grep|rg|ug)$/;
const NAMES_NEXT = /^-(?:[A-Za-z0-9.]*g|-(?:inc[a-z]*|i?glob|type-add))$/;
const NAMES_ATTACHED = /^-(?:[A-Za-z0-9.]{0,9}?g|-(?:inc[a-z]*|i?glob|type-add)=)/;

/** Commands of git that show what is in the files they are given; patterns among those git expands itself. */
const SHOWS =
  /^(?:log|show|diff|diff-(?:tree|index|files)|whatchanged|grep|blame|stash|reflog|rev-list|range-diff)$/;
const TEXT_NEXT =
  /^(?:-[SGL]|--(?:grep|grep-reflog|author|committer|format|glob|exclude|date|since|until|after|before))$/;
const SOUGHT_NEXT = /^-[A-Za-z0-9]*e$/;

/** Whether the word behind this one says which files are searched. */
export function saysNames(option: string): boolean {
  return NAMES_NEXT.test(option);
}

/** The pattern that a program compares names of files with by itself, if the word at this place is one. */
export function patternOfProgram(argv: readonly string[], index: number): string | undefined {
  const word = argv[index];
  if (SEARCHES.test(argv[0])) {
    const attached = NAMES_ATTACHED.exec(word)?.[0];
    if (attached === undefined && !saysNames(argv[index - 1])) return undefined;
    const pattern = word.slice(attached?.length ?? 0);
    // An exclamation mark leaves them out; a new type is `name:pattern`.
    return pattern.startsWith('!') ? undefined : withoutEscapes(pattern.slice(pattern.lastIndexOf(':') + 1));
  }
  return argv[0] === 'git' && isPathForGit(argv, index) ? withoutEscapes(word) : undefined;
}

/** An escaped letter is that letter. */
function withoutEscapes(pattern: string): string {
  return pattern.replaceAll('\\', '');
}

function isPathForGit(argv: readonly string[], index: number): boolean {
  const command = argv.findIndex((word, place) => place > 0 && word.charCodeAt(0) !== 0x2d);
  if (index <= command || !SHOWS.test(argv[command])) return false;
  const dashes = argv.indexOf('--');
  if (dashes !== -1 && dashes < index) return true;
  if (argv[index].charCodeAt(0) === 0x2d) return false;
  if (argv[command] !== 'grep') return !TEXT_NEXT.test(argv[index - 1]);
  // What `git grep` seeks comes first, unless an option says it.
  if (SOUGHT_NEXT.test(argv[index - 1])) return false;
  return (
    argv.some((word) => /^-[A-Za-z0-9]*e/.test(word)) ||
    argv.slice(command + 1, index).some((word) => word.charCodeAt(0) !== 0x2d)
  );
}
