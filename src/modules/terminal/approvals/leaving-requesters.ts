import { Injectable } from '@nestjs/common';
import { type Fact, InTransaction } from '../../../kernel/events/index.js';
import { Cancelling } from '../commands/cancelling.js';
import { CommandsRepository } from '../commands/commands.repository.js';

/** What somebody wanted to run who has gone, nobody is asked about any more. */
@Injectable()
export class LeavingRequesters {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly cancelling: Cancelling,
  ) {}

  // By name, because the module that owns users and services is not to be imported here.
  @InTransaction('user.disable')
  async userDisabled(disabled: Fact): Promise<void> {
    await this.cancelAll(disabled);
  }

  @InTransaction('user.delete')
  async userDeleted(deleted: Fact): Promise<void> {
    await this.cancelAll(deleted);
  }

  @InTransaction('service.delete')
  async serviceDeleted(deleted: Fact): Promise<void> {
    await this.cancelAll(deleted);
  }

  private async cancelAll({ resourceId }: Fact): Promise<void> {
    if (resourceId === null) throw new Error('The one who left is not named.');
    const waiting = await this.commands.waitingOf(resourceId);
    for (const command of waiting) await this.cancelling.end(command, 'requester_gone');
  }
}
