import { Command, CommanderError } from 'commander';
import { throwInsteadOfExiting } from '../strict-parsing.js';
import { agentCommands } from './commands.js';

const WRONG_USAGE = 64;

/** Whether it is one of the commands for developers and agents, which need neither settings nor a database. */
export function isForAgents(argv: readonly string[]): boolean {
  return agentCommands().some((command) => command.name() === argv[2]);
}

export async function runAgentSide(argv: readonly string[]): Promise<void> {
  const program = new Command('reeve').enablePositionalOptions();
  for (const command of agentCommands()) program.addCommand(command);
  throwInsteadOfExiting(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
}
