/** Of ASCII with lines no longer than this, mail needs no encoding (RFC 2045 §6.7), so tokens can be copied from the file. */
const LONGEST_LINE = 76;

/** The same text with long lines of prose broken between words; indented lines are code and stay as they are. */
export function inShortLines(text: string): string {
  return text.split('\n').map(broken).join('\n');
}

function broken(line: string): string {
  if (line.length <= LONGEST_LINE || line.startsWith(' ')) return line;
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LONGEST_LINE)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
