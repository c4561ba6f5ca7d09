import { type FoundCommand, NOTHING_HANDED } from '../commands/found-command.js';
import { KnownWords } from '../commands/known-words.js';
import { Memory } from './memory.js';
import type { PlainCommand } from './plain-commands.js';

/** Longer ones hardly come again. */
const LONGEST = 200;

/**
 * Simple commands as they stand between separators. Where one starts is outside of quotes, so what is written like one
 * that was read whole, up to a separator, has the same words wherever it stands.
 */
const known = new Memory<PlainCommand>(2_048);

export function commandKnownAt(
  text: string,
  from: number,
  to: number,
  print: number,
): PlainCommand | undefined {
  return to - from > LONGEST ? undefined : known.get(text, from, to, print);
}

/** Keeps a command that comes again. */
export function keepCommand(
  text: string,
  from: number,
  to: number,
  print: number,
  { argv, signs, redirects, substituted }: PlainCommand,
): void {
  if (to - from > LONGEST || !known.isSeenAgain(print)) return;
  const own = text.slice(from, to);
  known.put(
    ofItsOwn(own),
    print,
    { argv: argv.map(ofItsOwn), signs, isPiped: false, known: new KnownWords(), redirects, substituted },
    bytesOf({ argv, redirects, handed: NOTHING_HANDED }) + own.length,
  );
}

/** What a command takes in memory with all that is known of it, as far as it can be guessed. */
export function bytesOf({
  argv,
  redirects,
  handed,
}: Pick<FoundCommand, 'argv' | 'redirects' | 'handed'>): number {
  let bytes = 400;
  for (const word of argv) bytes += word.length + 40;
  for (const value of handed) bytes += value.length + 40;
  for (const { target } of redirects) bytes += target.length + 80;
  return bytes;
}

/** A part of a text holds on to the whole of it, which may be long; this is one without. */
function ofItsOwn(part: string): string {
  return ` ${part}`.slice(1);
}
