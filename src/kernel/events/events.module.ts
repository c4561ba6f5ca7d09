import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EntryWriter } from './entry-writer.js';
import { EventLog } from './event-log.js';
import { TransactionHandlers } from './transaction-handlers.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [EventLog, EntryWriter, TransactionHandlers],
  exports: [EventLog],
})
export class EventsModule {}
