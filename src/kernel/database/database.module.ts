import { type DynamicModule, Global, Logger, Module, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Configuration } from '../runtime/index.js';
import { AccessChange } from './change-feed/access-change.entity.js';
import { ChangeFeed } from './change-feed/change-feed.js';
import { runtimeOptions, withOurTypes } from './data-source.js';
import { Database } from './database.js';
import { DatabaseClock } from './database-clock.js';
import { DatabasePool } from './pool.js';
import { UnitOfWork } from './unit-of-work.js';
import { waitForDatabase } from './wait-for-database.js';

/** Apart from the rest because TypeORM's own module needs it too. */
@Global()
@Module({ providers: [DatabasePool], exports: [DatabasePool] })
export class PoolModule {}

@Global()
@Module({
  imports: [
    PoolModule,
    TypeOrmModule.forRootAsync({
      imports: [PoolModule],
      inject: [DatabasePool, Configuration],
      useFactory: async (pool: DatabasePool, configuration: Configuration) => {
        const log = new Logger('Database');
        await waitForDatabase(configuration.databaseUrl?.reveal() ?? '', (line) => log.warn(line));
        return runtimeOptions(pool);
      },
      dataSourceFactory: async (options) => withOurTypes(new DataSource(options!)),
    }),
    TypeOrmModule.forFeature([AccessChange]),
  ],
  providers: [Database, UnitOfWork, ChangeFeed, DatabaseClock],
  exports: [Database, UnitOfWork, ChangeFeed, DatabaseClock],
})
export class DatabaseModule {
  /** Makes the entities of a module known: `imports: [DatabaseModule.entities([User, …])]`. */
  static entities(entities: Type[]): DynamicModule {
    return TypeOrmModule.forFeature(entities);
  }
}
