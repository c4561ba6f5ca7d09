import { isRecord, textIn } from '../api.js';
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

/** Whether the agent is about to use its tool of this name. @throws Failure when it does not say which */
export function isAbout(tool: string, input: unknown): boolean {
  const name = textIn(input, 'tool_name');
  if (name === undefined) throw new Failure('The question of the agent names no tool.');
  return name === tool;
}

/** What the tool is called with. */
export function toolInputOf(input: unknown): unknown {
  return isRecord(input) ? input.tool_input : undefined;
}

/** The fields that all three agents call alike. */
export function shellQuestion(input: unknown): Question {
  const command = textIn(toolInputOf(input), 'command');
  if (command === undefined) throw new Failure('The question of the agent names no command.');
  const cwd = textIn(input, 'cwd') ?? process.cwd();
  const sessionId = (textIn(input, 'session_id') ?? 'agent').slice(0, LONGEST_SESSION) || 'agent';
  return { command, cwd, sessionId };
}
