import { Command } from 'commander';
import { explanationOf } from './failure.js';
import type { Dialect } from './hook/decision.js';
import { printable, say } from './printed.js';

/** What developers and agents type on machines of their own. What a command does is loaded when it is asked for. */
export function agentCommands(): Command[] {
  return [loginCommand(), logoutCommand(), whoamiCommand(), runCommand(), hookCommands()];
}

function loginCommand(): Command {
  return new Command('login')
    .description('Pair this machine with your account: shows a code for you to confirm, and keeps the key')
    .option('--server <url>', 'the server; otherwise REEVE_SERVER, the last one, or http://127.0.0.1:3000')
    .option('--name <name>', 'what the key is called; otherwise the name of this machine')
    .action((options: { server?: string; name?: string }) =>
      ending(1, async () => (await import('./login.js')).login(options)),
    );
}

function logoutCommand(): Command {
  return new Command('logout')
    .description('Remove the key from this machine')
    .action(() => ending(1, async () => (await import('./login.js')).logout()));
}

function whoamiCommand(): Command {
  return new Command('whoami')
    .description('Say whose credential is used here, and at which server')
    .action(() => ending(1, async () => (await import('./login.js')).whoami()));
}

const EXIT_CODES = `
Exit code: that of the command, or 125 when Reeve could not be asked, 126 when it was refused or not confirmed,
127 when there is no such program, 130 after Ctrl-C. With 125, 126 and 130 it was not run.`;

function runCommand(): Command {
  return new Command('run')
    .description('Ask whether a command may be run, wait for a person if need be, and run it without a shell')
    .option('--reason <text>', 'why, for whoever is asked to approve')
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .addHelpText('after', EXIT_CODES)
    .action((argv: string[], options: { reason?: string }) =>
      ending(125, async () => (await import('./run/run.js')).run(argv, options)),
    );
}

function hookCommands(): Command {
  return new Command('hook')
    .description('Answer an agent that asks before it runs a shell command: JSON in, JSON out')
    .addCommand(
      new Command('claude-code')
        .description('For the event PreToolUse of Claude Code')
        .action(async () => answering((await import('./hook/claude-code.js')).claudeCode)),
    )
    .addCommand(
      new Command('codex')
        .description('For the event PreToolUse of Codex')
        .action(async () => answering((await import('./hook/codex.js')).codex)),
    )
    .addCommand(
      new Command('gemini')
        .description('For the event BeforeTool of Gemini CLI')
        .option('--ask', 'the version takes the decision "ask" (since March 2026)', false)
        .action(async ({ ask }: { ask: boolean }) =>
          answering((await import('./hook/gemini.js')).gemini(ask)),
        ),
    );
}

/** Ends the process itself, because a question to a server that hangs would keep it. */
async function answering(dialect: Dialect): Promise<void> {
  const { hook } = await import('./hook/hook.js');
  const answer = await hook(dialect);
  await new Promise((written) => process.stdout.write(answer === '' ? '' : `${answer}\n`, written));
  process.exit(0);
}

/** Sets the exit code that the work gives, or this one with a line that says why. */
async function ending(failureCode: number, work: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    const explanation = explanationOf(error);
    if (explanation === null) throw error;
    say(`reeve: ${printable(explanation)}`);
    process.exitCode = failureCode;
  }
}
