import { Injectable } from '@nestjs/common';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { CommandLapsed } from './command.events.js';
import { CommandsRepository } from './commands.repository.js';

const AT_ONCE = 200;

/** Ends what clients asked and never came back about, and what no server ran, so that what waits stays as little as what is wanted. */
@Injectable()
export class LapsedCommands {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
  ) {}

  @Scheduled({
    name: 'terminal.lapsed',
    everySeconds: 60,
    description: 'Expires commands that their client neither confirmed nor ran in time, or no server ran.',
  })
  async run(): Promise<void> {
    while ((await this.lapseSome()) === AT_ONCE);
  }

  @Transactional()
  async lapseSome(): Promise<number> {
    const lapsed = await this.commands.lapse(AT_ONCE);
    for (const { id, tenantId, approvalId, digest } of lapsed) {
      const about = { resourceId: id, commandId: id, approvalId: approvalId ?? undefined, tenantId };
      await this.events.record(new CommandLapsed({ ...about, detail: { digest } }));
      await this.changes.announce('command', id);
    }
    return lapsed.length;
  }
}
