import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../../kernel/database/index.js';
import { Scheduled } from '../../../../kernel/jobs/index.js';
import { OutputRepository, type Piece } from './output.repository.js';

const DAYS_KEPT = 7;
const AT_ONCE = 1_000;

/** Keeps what commands write, tells those who follow it, and forgets it after a while; its digest stays. */
@Injectable()
export class OutputKeeping {
  constructor(
    private readonly output: OutputRepository,
    private readonly changes: ChangeFeed,
  ) {}

  @Transactional()
  async keep(commandId: string, pieces: readonly Piece[]): Promise<void> {
    await this.output.add(commandId, pieces);
    await this.changes.announce('output', commandId);
  }

  @Scheduled({
    name: 'terminal.delete-old-output',
    everySeconds: 600,
    description: `Deletes the output of commands of the server that is older than ${DAYS_KEPT} days.`,
  })
  async deleteOld(): Promise<void> {
    while ((await this.deleteSome()) === AT_ONCE);
  }

  @Transactional()
  deleteSome(): Promise<number> {
    return this.output.prune(DAYS_KEPT, AT_ONCE);
  }
}
