import { parse, type ParsedScript } from 'unbash';

/** A shorter text cannot be slow, whatever is in it. */
const SURELY_QUICK_LENGTH = 400;
/**
 * The parser gives up at 256 levels, but looks at a nested text again on each of them. Nothing that a person would read
 * before approving it comes near this.
 */
const MAX_OPEN_BRACKETS = 64;
/** Every pending here-document is looked for in the rest of the text. */
const MAX_HERE_DOCUMENTS = 32;

export const TOO_COMPLEX = 'It is nested too deeply to be analysed.';

/** A parsed script, or what keeps it from being analysed. */
export type ParseOutcome =
  { readonly script: ParsedScript; readonly fault?: undefined } | { readonly fault: string };

/**
 * Parses with bounded work. The parser is synchronous and cannot be interrupted, so what would make it slow is refused
 * before it starts. Where its own recursion ends the stack, that is an answer too.
 */
export function parseScript(text: string): ParseOutcome {
  if (text.length > SURELY_QUICK_LENGTH && isTooComplex(text)) return { fault: TOO_COMPLEX };
  try {
    const script = parse(text);
    const error = script.errors?.[0];
    if (error)
      return { fault: `It is not complete shell syntax: ${error.message} at position ${error.pos}.` };
    return { script };
  } catch {
    return { fault: TOO_COMPLEX };
  }
}

/** Counts brackets whatever quotes surround them: it need not be exact, only cheap. */
function isTooComplex(text: string): boolean {
  let open = 0;
  let definitions = 0;
  let documents = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x3c: // <
        if (text.charCodeAt(index + 1) === 0x3c && ++documents > MAX_HERE_DOCUMENTS * 2) return true;
        break;
      case 0x28: // (
        if (text.charCodeAt(index + 1) === 0x29 && ++definitions > MAX_OPEN_BRACKETS) return true;
        if (++open > MAX_OPEN_BRACKETS) return true;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++open > MAX_OPEN_BRACKETS) return true;
        break;
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (open > 0) open--;
        break;
    }
  }
  return false;
}
