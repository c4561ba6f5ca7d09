const LETTER_OF: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
  '(': 'c',
  '€': 'e',
};

/** The letters that digits and signs are commonly written for: `p4$$w0rd` reads `password`. */
export function unleet(text: string): string {
  return text.replace(/[^a-z]/gu, (character) => LETTER_OF[character] ?? character);
}
