import type { Ask } from '../judgement/judgement.js';
import type { CommandRequest } from './command-request.entity.js';

/** What was asked, as it is stored; null when the command was too long to be kept. */
export function storedAsk(row: CommandRequest): Ask | null {
  const { command, argv, mode, cwd, env, gatewayId } = row;
  if (command === null && argv === null) return null;
  return {
    command: argv === null ? { text: command ?? '' } : { argv },
    mode,
    cwd: cwd ?? undefined,
    // No variables and an empty list of them are the same thing to a program, and to the digest.
    env,
    gatewayId: gatewayId ?? undefined,
  };
}
