import type { FoundCommand } from '../commands/found-command.js';
import { findCommands } from './found-commands.js';
import { commandsOf } from './plain-commands.js';
import { readPlain } from './plain-text.js';
import { parseScript } from './script.js';

/** Every command in a script that a command is given to run, or what keeps the script from being analysed. Throws `NotAnalysable`. */
export function commandsIn(script: string, runBy: FoundCommand): FoundCommand[] | { readonly fault: string } {
  const plain = readPlain(script);
  if (plain !== undefined) return commandsOf(plain.commands, runBy);
  const parsed = parseScript(script);
  return parsed.fault === undefined ? findCommands(parsed.script, runBy) : { fault: parsed.fault };
}
