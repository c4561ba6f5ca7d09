/** Every word of one to so many of the characters. */
export function wordsOf(characters: readonly string[], longest: number): string[] {
  let last = [''];
  const all: string[] = [];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((word) => characters.map((character) => word + character));
    all.push(...last);
  }
  return all;
}
