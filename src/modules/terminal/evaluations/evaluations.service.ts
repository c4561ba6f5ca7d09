import { Injectable } from '@nestjs/common';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { type FieldError, ValidationFailed } from '../../../kernel/problem/index.js';
import type { Verdict } from '../decision/index.js';
import type { AskedCommand } from '../judgement/asked-command.dto.js';
import { callerOf } from '../judgement/caller.js';
import { formOf } from '../judgement/form.js';
import { inTurns } from '../judgement/in-turns.js';
import { Judge } from '../judgement/judge.js';
import type { Ask, Judgement } from '../judgement/judgement.js';
import type { JudgementView } from '../judgement/judgement.view.js';
import type { Evaluate, EvaluationView } from './evaluation.dto.js';
import { CommandsEvaluated } from './evaluation.events.js';

/** Tells what would be decided, and changes nothing: a question leaves an entry in the log and no other trace. */
@Injectable()
export class EvaluationsService {
  constructor(
    private readonly judge: Judge,
    private readonly events: EventLog,
  ) {}

  /** @throws ValidationFailed for a command in two forms or in none */
  async evaluate(body: Evaluate, principal: Principal): Promise<EvaluationView> {
    const caller = callerOf(principal);
    if (body.commands !== undefined) {
      refuseBoth(body);
      const asks = body.commands.map((one, index) => askFrom(one, `/commands/${index}`));
      const judgements = await inTurns(asks, (ask) => this.judge.judge(ask, caller));
      await this.record(judgements);
      return { results: judgements.map(viewOf) };
    }
    const judged = this.judge.judge(askFrom(requireMode(body), ''), caller);
    const judgement = judged instanceof Promise ? await judged : judged;
    await this.record([judgement]);
    return viewOf(judgement);
  }

  private record(judgements: readonly Judgement[]): Promise<void> {
    const verdicts: Partial<Record<Verdict, number>> = {};
    for (const { verdict } of judgements) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    const isRefused = judgements.every(({ verdict }) => verdict === 'deny' || verdict === 'reject');
    return this.events.append(
      new CommandsEvaluated({
        resourceId: null,
        outcome: isRefused ? 'denied' : 'success',
        detail: {
          verdicts,
          digests: judgements.map(({ digest }) => digest),
          policyVersion: judgements[0].policyVersion,
        },
      }),
    );
  }
}

/** @param pointer JSON Pointer to the command in the body */
export function askFrom(asked: AskedCommand, pointer: string): Ask {
  const { mode, cwd, env, gatewayId, interactive } = asked;
  return { command: formOf(asked, pointer), mode, cwd, env, gatewayId, interactive };
}

export function viewOf({ verdict, reasons, segments, digest, policyVersion }: Judgement): JudgementView {
  return { verdict, reasons: [...reasons], segments: [...segments], digest, policyVersion };
}

function requireMode(body: Evaluate): AskedCommand {
  if (body.mode === undefined)
    throw new ValidationFailed([inBody('/mode', 'required', 'This field is required.')]);
  return body as AskedCommand;
}

const SINGLE = ['command', 'argv', 'cwd', 'env', 'mode', 'gatewayId', 'interactive'] as const;

function refuseBoth(body: Evaluate): void {
  const errors = SINGLE.filter((name) => body[name] !== undefined).map((name) =>
    inBody(`/${name}`, 'one_form', 'Beside `commands` nothing else is given; each command has its own.'),
  );
  if (errors.length > 0) throw new ValidationFailed(errors);
}

function inBody(pointer: string, code: string, message: string): FieldError {
  return { in: 'body', pointer, code, message };
}
