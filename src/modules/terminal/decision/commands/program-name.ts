/** The program's own name: without directories and in lower case, since some file systems do not tell cases apart. */
export function programNameOf(word: string): string {
  const base = word.slice(word.lastIndexOf('/') + 1).toLowerCase();
  return base.endsWith('.exe') ? base.slice(0, -4) : base;
}
