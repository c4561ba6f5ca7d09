import { Configuration, loadConfiguration, type TerminalUser } from '../../../src/kernel/runtime/index.js';
import type { RunEnd, RunForm, RunOrder } from '../../../src/modules/terminal/execution/driver.js';
import { ProcessDriver } from '../../../src/modules/terminal/execution/process/process-driver.js';

export interface Driven extends RunEnd {
  readonly stdout: string;
  readonly stderr: string;
}

let count = 0;

/** The driver that runs commands in this directory, with nothing else in front of it. */
export function driverIn(
  root: string,
  environment: Record<string, string> = {},
  terminalUser?: TerminalUser,
): ProcessDriver {
  return new ProcessDriver(
    new Configuration({
      ...loadConfiguration({ PATH: process.env.PATH, ...environment }, '/nonexistent'),
      terminalRoot: root,
      terminalUser,
    }),
  );
}

export function orderOf(form: RunForm, others: Partial<RunOrder> = {}): RunOrder {
  return { commandId: `command-${(count += 1)}`, form, cwd: null, env: {}, timeoutSeconds: 60, ...others };
}

/** Runs it to its end. */
export async function drive(
  driver: ProcessDriver,
  form: RunForm,
  others: Partial<RunOrder> = {},
): Promise<Driven> {
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const run = await driver.start(orderOf(form, others), (channel, bytes) => said[channel].push(bytes));
  const end = await run.ended;
  return {
    ...end,
    stdout: Buffer.concat(said.stdout).toString(),
    stderr: Buffer.concat(said.stderr).toString(),
  };
}

export const program = (...argv: string[]): RunForm => ({ kind: 'program', argv, pin: undefined });
export const sequence = (text: string): RunForm => ({ kind: 'sequence', text, pins: [] });
export const script = (text: string): RunForm => ({ kind: 'script', text });
