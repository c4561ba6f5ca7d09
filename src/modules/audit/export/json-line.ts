/** Line ends for some readers, although not for JSON: DEL, C1 controls and the Unicode separators. */
const LINE_ENDS = /[\u007f-\u009f\u2028\u2029]/g;

/** JSON that is one line for every reader, whatever is in it. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
