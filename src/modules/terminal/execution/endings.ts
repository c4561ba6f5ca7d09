import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { CommandFinished } from '../commands/command.events.js';
import type { CommandRequest, CommandStatus, StopCause } from '../commands/command-request.entity.js';
import type { Reason } from '../decision/index.js';
import type { RunEnd } from './driver.js';
import { aboutRun } from './run-facts.js';
import { LEASE_SECONDS, RunsRepository } from './runs.repository.js';

/** How a run ended, as its process saw it. */
export interface Ending extends RunEnd {
  /** Null when it ended by itself. */
  readonly because: StopCause | null;
  readonly outputSha256: string;
  readonly outputBytes: number;
}

const AT_ONCE = 200;

const WHY: Record<StopCause, string> = {
  requester: 'The requester ended it.',
  policy: 'Rules or rights changed while it ran, and do not let it run any more.',
  timeout: 'It ran for longer than it may.',
  shutdown: 'The process that ran it was stopped.',
  lease_lost: 'The process that ran it lost the database, and ended what nobody could watch.',
};
const NOBODY_KNOWS: Reason = {
  code: 'unknown_outcome',
  message: `Nothing was heard for ${LEASE_SECONDS} seconds of the process that took it. It may have run, wholly or in part; it is not run again.`,
};

/** Writes down how runs ended: each once, whoever comes first. */
@Injectable()
export class Endings {
  constructor(
    private readonly runs: RunsRepository,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  @Transactional()
  async finish(id: string, executorId: string, ending: Ending): Promise<void> {
    const { because } = ending;
    const reasons = because === null ? [] : [{ code: reasonCode(because), message: WHY[because] }];
    const outcome = { ...ending, status: statusAfter(ending) };
    const finished = await this.runs.finish(id, executorId, outcome, reasons);
    // Given up already as one of which nobody knows.
    if (finished !== null) await this.tell(finished, because);
  }

  @Scheduled({
    name: 'terminal.unknown-runs',
    everySeconds: 10,
    description: 'Ends as unknown what a process of which nothing is heard any more took to run it.',
  })
  async giveUpSilent(): Promise<void> {
    while ((await this.giveUpSome()) === AT_ONCE);
  }

  @Transactional()
  async giveUpSome(): Promise<number> {
    const abandoned = await this.runs.abandon(NOBODY_KNOWS, AT_ONCE);
    for (const command of abandoned) await this.tell(command, 'crash');
    return abandoned.length;
  }

  private async tell(command: CommandRequest, because: StopCause | 'crash' | null): Promise<void> {
    const { id, status, exitCode, signal, outputSha256 } = command;
    const outputBytes = Number(command.outputBytes);
    await this.events.record(
      new CommandFinished({
        ...aboutRun(command),
        outcome: status === 'succeeded' ? 'success' : 'failure',
        detail: { status, because, exitCode, signal, outputBytes, outputSha256 },
      }),
    );
    await this.changes.announce('command', id);
  }
}

function statusAfter({ because, exitCode }: Ending): CommandStatus {
  if (because === 'timeout') return 'timed_out';
  if (because !== null) return 'cancelled';
  return exitCode === 0 ? 'succeeded' : 'failed';
}

function reasonCode(because: StopCause): string {
  return because === 'timeout' ? 'timed_out' : `stopped_by_${because}`;
}
