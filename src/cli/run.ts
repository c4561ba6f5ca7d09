import { Command, CommanderError } from 'commander';
import { packageVersion } from '../kernel/http/openapi/package-version.js';
import { Problem } from '../kernel/problem/index.js';
import { agentCommands } from './agent/commands.js';
import { commandGroups } from './command-groups.js';
import { throwInsteadOfExiting } from './strict-parsing.js';

const EXIT = { ok: 0, failed: 1, usage: 64 } as const;

/**
 * One run of the `reeve` command: its exit code says how it went, its standard error why. Commands load what they need when they run: asking for help loads nothing.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('reeve')
    .description('Reeve: access governance for AI agents.')
    .version(packageVersion())
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nCommands for whoever runs the service read its settings: the environment, then .env in the working directory.\nExit codes: 0 done, 1 failed, 64 wrong usage; reeve audit verify and reeve run have more.',
    );
  program.commandsGroup('Whoever runs the service:');
  for (const group of commandGroups) program.addCommand(group());
  program.commandsGroup('Developers and agents:');
  for (const command of agentCommands()) program.addCommand(command);
  throwInsteadOfExiting(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = explained(error);
  }
}

function explained(error: unknown): number {
  // Has said what it had to say; asking for help is no fault.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  process.stderr.write(`reeve: ${messageOf(error)}\n`);
  return error instanceof Error && error.name === 'UsageError' ? EXIT.usage : EXIT.failed;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const reasons = (error.errors ?? []).map(({ message }) => message);
  return reasons.length > 0 ? reasons.join(' ') : error.explanation;
}
