import { Injectable } from '@nestjs/common';
import { type Fact, InTransaction } from '../../../kernel/events/index.js';
import { currentOperation } from '../../../kernel/operation/index.js';
import { Cancelling } from '../commands/cancelling.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import type { CommandRequest } from '../commands/command-request.entity.js';
import { RefusedNow } from '../commands/refused-now.js';
import { storedAsk } from '../commands/stored-ask.js';
import { storedCaller } from '../judgement/caller.js';
import { inTurns } from '../judgement/in-turns.js';
import { Judge } from '../judgement/judge.js';
import type { Standing } from '../judgement/standing.js';
import { keyOf, Standings } from '../judgement/standings.js';
import { RuleCreated, type RuleDetail } from '../rules/rule.events.js';

const AT_ONCE = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Nobody is to be asked about what a new block rule refuses: whatever waits is judged again when one is written. */
@Injectable()
export class PolicyReview {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly standings: Standings,
    private readonly judge: Judge,
    private readonly cancelling: Cancelling,
  ) {}

  /** Part of the transaction that writes the rule: when it is told, the queue is as the rules want it. */
  @InTransaction(RuleCreated)
  async ruleCreated(created: Fact): Promise<void> {
    const { effect } = created.detail as RuleDetail;
    const tenantId = currentOperation().principal?.tenantId;
    if (effect !== 'block' || tenantId === undefined) return;
    const standings = new Map<string, Standing>();
    let after = BEFORE_ALL;
    for (;;) {
      const waiting = await this.commands.waiting(tenantId, after, AT_ONCE);
      await inTurns(waiting, (command) => this.review(command, standings));
      if (waiting.length < AT_ONCE) return;
      after = waiting[waiting.length - 1].id;
    }
  }

  private async review(command: CommandRequest, standings: Map<string, Standing>): Promise<void> {
    const ask = storedAsk(command);
    if (ask === null) return;
    const caller = storedCaller(command);
    const key = keyOf(caller, command.gatewayId);
    const standing = standings.get(key) ?? (await this.standings.now(caller, command.gatewayId));
    standings.set(key, standing);
    const { verdict, reasons } = await this.judge.judgeBy(ask, caller, standing);
    if (verdict === 'deny' || verdict === 'reject')
      await this.cancelling.end(command, 'policy', new RefusedNow(reasons).reasons);
  }
}
