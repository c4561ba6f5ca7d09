import { createInterface } from 'node:readline/promises';
import type { Api } from '../api.js';
import { explanationOf, Refused } from '../failure.js';
import { ask, type GateAnswer } from '../gate.js';
import { changeOf } from '../pinned-files.js';
import { printable, say, typed } from '../printed.js';
import { signedInApi } from '../stored-login.js';
import { awaitApproval } from './approval.js';
import { execute } from './execute.js';
import { EXIT } from './exit-codes.js';

export interface RunOptions {
  /** Why, for whoever is asked to approve. */
  readonly reason?: string;
}

/** Asks the gate, then a person if it says so, then runs the arguments and reports how they ended. */
export async function run(argv: readonly string[], { reason }: RunOptions): Promise<number> {
  const api = await signedInApi();
  // Absent, not false, where there is no terminal.
  const interactive = Boolean(process.stdin.isTTY && process.stderr.isTTY);
  const sessionId = `shell-${process.ppid}`;
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  process.on('SIGINT', giveUp);
  let answer: GateAnswer | null = null;
  let exitCode: number;
  try {
    answer = await ask(api, { argv, cwd: process.cwd(), sessionId, interactive, reason }, stop.signal);
    if (!(await mayRun(api, answer, argv, interactive, stop.signal))) return EXIT.REFUSED;
    exitCode = await executeAsPinned(argv, answer, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    if (answer !== null) await told(api.post(`/terminal/commands/${answer.id}/cancel`, {}));
    return EXIT.INTERRUPTED;
  } finally {
    process.off('SIGINT', giveUp);
  }
  await told(api.post(`/terminal/commands/${answer.id}/result`, { exitCode }));
  return exitCode;
}

/** A rule that is pinned to a file lets that file run, and nothing else of its name. */
async function executeAsPinned(
  argv: readonly string[],
  { pinned: [pin] }: GateAnswer,
  signal: AbortSignal,
): Promise<number> {
  if (pin === undefined) return execute(argv);
  const change = await changeOf(pin);
  if (signal.aborted) return EXIT.INTERRUPTED;
  if (change === null) return execute(argv, pin.path);
  say(`reeve: not run: ${change}`);
  return EXIT.REFUSED;
}

async function mayRun(
  api: Api,
  answer: GateAnswer,
  argv: readonly string[],
  interactive: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  switch (answer.verdict) {
    case 'allow':
      return true;
    case 'confirm':
      return confirmed(api, answer, argv, interactive, signal);
    case 'approve':
      return approved(api, answer, signal);
    default:
      return refused(answer);
  }
}

/** Without a terminal there is nobody to ask, and what nobody confirmed is not run. */
async function confirmed(
  api: Api,
  answer: GateAnswer,
  argv: readonly string[],
  interactive: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  sayWhy('Reeve asks you to confirm', answer);
  const isConfirmed = interactive && (await isYes(`Run ${typed(argv)} ? [y/N] `, signal));
  if (isConfirmed) return takenUp(api, answer);
  if (!interactive) say('reeve: there is no terminal to confirm on, so it was not run.');
  await told(api.post(`/terminal/commands/${answer.id}/confirmation`, { confirmed: false }));
  return false;
}

async function isYes(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Readline takes Ctrl-C away from the process.
  terminal.on('SIGINT', () => process.emit('SIGINT'));
  try {
    const answer = await terminal.question(question, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    // Ctrl-D ends the question without an answer, which is no yes.
    if (signal.aborted || (error as NodeJS.ErrnoException).code !== 'ABORT_ERR') throw error;
    process.stderr.write('\n');
    return false;
  } finally {
    terminal.close();
  }
}

async function approved(api: Api, answer: GateAnswer, signal: AbortSignal): Promise<boolean> {
  if (answer.approvalId === null) return refused(answer);
  sayWhy('Reeve asks for an approval', answer);
  const { end, notes } = await awaitApproval(api, answer.approvalId, signal);
  if (end !== 'approved') {
    const words = notes.length === 0 ? '.' : `: ${notes.map(printable).join('; ')}`;
    say(`reeve: not run, because ${WORDS_FOR[end]}${words}`);
    return false;
  }
  return takenUp(api, answer);
}

const WORDS_FOR = {
  rejected: 'the approval was rejected',
  expired: 'nobody decided in time',
  cancelled: 'the approval was cancelled',
} as const;

/** What was agreed to may be run once, and only while the rules still let it. */
async function takenUp(api: Api, { id }: GateAnswer): Promise<boolean> {
  try {
    await api.post(`/terminal/commands/${id}/confirmation`, { confirmed: true });
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`reeve: not run: ${printable(error.message)}`);
    return false;
  }
}

function refused(answer: GateAnswer): false {
  sayWhy('Reeve refused this', answer);
  return false;
}

function sayWhy(what: string, { reasons, id }: GateAnswer): void {
  say(`reeve: ${what}: ${printable(reasons.join('; '))} [command ${printable(id)}]`);
}

/** What has happened has happened; that the server does not know is worth a line, not another exit code. */
async function told(report: Promise<unknown>): Promise<void> {
  try {
    await report;
  } catch (error) {
    say(`reeve: the server was not told how it ended: ${printable(explanationOf(error) ?? String(error))}`);
  }
}
