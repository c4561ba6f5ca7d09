import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/** A secret from whoever sits there, without showing it, or the first line of what is piped in. Never from arguments. */
export async function readSecret(prompt: string): Promise<string> {
  const isPerson = process.stdin.isTTY === true;
  if (isPerson) process.stderr.write(prompt);
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isPerson });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isPerson) process.stderr.write('\n');
  }
}
