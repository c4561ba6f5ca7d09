import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AppendedEntries } from './appended-entries.js';
import { CheckpointFollowers } from './checkpoint-followers.js';
import { EntryWriter } from './entry-writer.js';
import { EventLog } from './event-log.js';
import { TransactionHandlers } from './transaction-handlers.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [EventLog, EntryWriter, TransactionHandlers, AppendedEntries, CheckpointFollowers],
  exports: [EventLog, AppendedEntries, CheckpointFollowers],
})
export class EventsModule {}
