/**
 * Whether an option is given in one of its spellings, all in lower case. Letters may stand together (`-rf`), and a long
 * option may be shortened as GNU programs allow (`--recurs`).
 */
export function hasOption(argv: readonly string[], spellings: readonly string[]): boolean {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index].toLowerCase();
    if (word.charCodeAt(0) !== 0x2d) continue;
    if (spellings.some((spelling) => isSpelled(word, spelling))) return true;
  }
  return false;
}

function isSpelled(word: string, spelling: string): boolean {
  if (word === spelling) return true;
  if (spelling.startsWith('--')) {
    const name = word.split('=', 1)[0];
    return name.length > 2 && spelling.startsWith(name);
  }
  return spelling.length === 2 && word[1] !== '-' && word.slice(1).split('=', 1)[0].includes(spelling[1]);
}
