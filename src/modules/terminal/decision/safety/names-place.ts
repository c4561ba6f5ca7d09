/** Without one of these a word is no path, no home directory, no variable that may hold one, and no `id_rsa`. */
const MARKS = new Uint8Array(128);
for (const character of '/~$_') MARKS[character.charCodeAt(0)] = 1;

/** Whether a word may name one of the places the safety list knows; most words have nothing that could. */
export function mayNamePlace(word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    const code = word.charCodeAt(index);
    if (code < 128 && MARKS[code] === 1) return true;
  }
  return false;
}
