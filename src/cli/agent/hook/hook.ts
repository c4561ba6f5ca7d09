import { setTimeout as pause } from 'node:timers/promises';
import { explanationOf } from '../failure.js';
import { ask, type GateAnswer } from '../gate.js';
import { strayingOf } from '../pinned-files.js';
import { printable } from '../printed.js';
import { signedInApi } from '../stored-login.js';
import type { Decision, Dialect, Question } from './decision.js';
import { hookInput } from './hook-input.js';

/** Agents let a command pass when its hook does not answer in their time, so we answer in ours. */
const ANSWER_WITHIN_MS = 9_000;

/**
 * Answers the question on standard input. Whatever goes wrong, the answer is one: nothing was found out about the
 * command, so a person is to decide. An exit code that reports a failure would let the command pass.
 */
export async function hook(dialect: Dialect): Promise<string> {
  let input: unknown;
  const answer = (decision: Decision) => dialect.answer(decision, input);
  const inTime = async () => {
    try {
      input = await hookInput();
      const question = dialect.questionIn(input);
      return question === null ? '' : answer(await decisionOn(question));
    } catch (error) {
      return answer(undecided(explanationOf(error) ?? 'The hook itself has failed.'));
    }
  };
  const late = pause(ANSWER_WITHIN_MS, undefined, { ref: false }).then(() =>
    answer(undecided('There was no answer within 10 seconds.')),
  );
  return Promise.race([inTime(), late]);
}

async function decisionOn(question: Question): Promise<Decision> {
  const answer = await ask(await signedInApi(), question);
  return answer.verdict === 'allow' ? allowed(answer, question) : meaningOf(answer);
}

/** The agent's shell will look for programs by their names, so that is done here as well. */
async function allowed(answer: GateAnswer, { cwd }: Question): Promise<Decision> {
  for (const program of answer.pinned) {
    const straying = await strayingOf(program, cwd);
    if (straying === null) continue;
    const reason = `Reeve wants a person to decide about this: ${straying} [command ${printable(answer.id)}]`;
    return { kind: 'ask', reason };
  }
  return meaningOf(answer);
}

function meaningOf({ verdict, reasons, id }: GateAnswer): Decision {
  const said = reasons.length === 0 ? '' : `: ${reasons.map(printable).join('; ')}`;
  const why = `${said} [command ${printable(id)}]`;
  switch (verdict) {
    case 'allow':
      return { kind: 'allow', reason: `Reeve allows this${why}` };
    case 'confirm':
    case 'approve':
      return { kind: 'ask', reason: `Reeve wants a person to decide about this${why}` };
    case 'reject':
    case 'deny':
      return {
        kind: 'deny',
        reason: `Reeve refused this${why}. Do not work around it: do something else, or ask the person.`,
      };
  }
}

function undecided(why: string): Decision {
  const then = 'That is for the person to put right; then try again.';
  return { kind: 'ask', reason: `Reeve could not decide: ${printable(why)} ${then}` };
}
