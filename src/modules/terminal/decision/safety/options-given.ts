/**
 * Whether an option is given in one of its spellings, all in lower case. Letters may stand together (`-rf`), and a long
 * option may be shortened as GNU programs allow (`--recurs`).
 */
export function hasOption(argv: readonly string[], spellings: readonly string[]): boolean {
  for (let index = 1; index < argv.length; index++) {
    const given = argv[index];
    if (given.charCodeAt(0) !== 0x2d) continue;
    const word = given.toLowerCase();
    for (const spelling of spellings) if (isSpelled(word, spelling)) return true;
  }
  return false;
}

function isSpelled(word: string, spelling: string): boolean {
  if (word === spelling) return true;
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  if (spelling.startsWith('--')) return name.length > 2 && spelling.startsWith(name);
  return spelling.length === 2 && word.charCodeAt(1) !== 0x2d && name.includes(spelling[1]);
}
