const PLACEHOLDERS = [
  'changeme',
  'changeit',
  'secret',
  'password',
  'passw0rd',
  'example',
  'replaceme',
  'replacewith',
  'placeholder',
  'default',
  'insecure',
  'yourkey',
  'qwertyuiop',
  '0123456789',
  '1234567890',
  'abcdefghij',
];

const FEWEST_DIFFERENT_CHARACTERS = 8;

/**
 * Why the text must not protect anything, as the end of a sentence, or undefined. Catches what people type while
 * trying things out; it cannot tell how a long and varied text came about.
 */
export function weaknessOf(text: string, minBytes: number): string | undefined {
  if (Buffer.byteLength(text) < minBytes) return `is shorter than ${minBytes} characters`;
  const letters = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (PLACEHOLDERS.some((placeholder) => letters.includes(placeholder)))
    return 'contains a word from examples and placeholders';
  if (new Set(text).size < FEWEST_DIFFERENT_CHARACTERS || isRepetition(text))
    return 'repeats a few characters';
  return undefined;
}

/** Whether the text is one shorter text over and over, cut off anywhere. */
function isRepetition(text: string): boolean {
  for (let unit = 1; unit <= text.length / 2; unit++) if (text.startsWith(text.slice(unit))) return true;
  return false;
}
