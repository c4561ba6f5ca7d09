import { textIn } from '../api.js';
import { Failure } from '../failure.js';
import type { Question } from './decision.js';

const LARGEST_INPUT = 4 * 1024 * 1024;
const LONGEST_SESSION = 64;

/** All of standard input as JSON. @throws Failure */
export async function hookInput(): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_INPUT) throw new Failure('The question of the agent is larger than 4 MiB.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Failure('The question of the agent is no JSON.');
  }
}

/** The fields that all three agents call alike. */
export function shellQuestion(input: unknown, toolInput: unknown): Question {
  const command = textIn(toolInput, 'command');
  if (command === undefined) throw new Failure('The question of the agent names no command.');
  const cwd = textIn(input, 'cwd') ?? process.cwd();
  const sessionId = (textIn(input, 'session_id') ?? 'agent').slice(0, LONGEST_SESSION) || 'agent';
  return { command, cwd, sessionId };
}
