import { screenText } from '../text/byte-screen.js';
import { readLiteralText } from '../text/literal-text.js';

export const MAX_PATTERN_LENGTH = 512;

/** The words of an allow pattern, or why it is none. */
export function readAllowPattern(pattern: string): readonly string[] | { readonly fault: string } {
  if (pattern.length > MAX_PATTERN_LENGTH)
    return { fault: `A pattern has at most ${MAX_PATTERN_LENGTH} characters.` };
  const unseen = screenText(pattern);
  if (unseen !== undefined) return { fault: unseen };
  const segments = readLiteralText(pattern);
  if (!Array.isArray(segments)) return { fault: `A pattern is literal words. ${segments.message}` };
  if (segments.length !== 1) return { fault: 'A pattern is one command; make a rule for each.' };
  const [{ argv, redirects }] = segments;
  return redirects > 0 ? { fault: 'A pattern has no redirections.' } : argv;
}

/** The words of a block pattern. It may be anything: what is no literal command is taken word by word. */
export function readBlockPattern(pattern: string): readonly string[] {
  const segments = readLiteralText(pattern);
  if (Array.isArray(segments) && segments.length === 1) return segments[0].argv;
  return pattern.split(/\s+/).filter((word) => word !== '');
}
