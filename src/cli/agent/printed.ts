/** Everything that would move the cursor, hide text or turn its direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Words of others for a terminal: control characters become visible escapes. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A line for people; standard output belongs to programs. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Arguments as somebody would type them into a shell. */
export function typed(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .map(printable)
    .join(' ');
}
