/** What some systems leave out of a program's name: `npm.cmd` is called `npm`. */
const ENDINGS = /.\.(?:exe|cmd|bat|com|ps1)$/;

/** The program's own name: without directories and in lower case, since some file systems do not tell cases apart. */
export function programNameOf(word: string): string {
  const base = word.slice(word.lastIndexOf('/') + 1).toLowerCase();
  return base.charCodeAt(base.length - 4) === 0x2e && ENDINGS.test(base) ? base.slice(0, -4) : base;
}
