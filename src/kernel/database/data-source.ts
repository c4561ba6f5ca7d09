import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabasePool } from './pool.js';
import { SnakeCaseNames } from './snake-case-names.js';

export const MIGRATIONS_TABLE = 'schema_migrations';

const shared = {
  type: 'postgres',
  synchronize: false,
  migrationsRun: false,
  installExtensions: false,
  logging: false,
  namingStrategy: new SnakeCaseNames(),
  migrationsTableName: MIGRATIONS_TABLE,
} as const satisfies Partial<DataSourceOptions>;

/** What Nest's TypeORM module is given. The schema is the migrations' matter alone. */
export function runtimeOptions(pool: DatabasePool): TypeOrmModuleOptions {
  return {
    ...shared,
    driver: driverOn(pool.connections),
    autoLoadEntities: true,
    // The database has been waited for by then; what fails now is not cured by trying again.
    retryAttempts: 0,
  };
}

/** A data source on a pool of the caller's; destroying it ends the pool. */
export function dataSourceOn(
  pool: pg.Pool,
  options: Pick<DataSourceOptions, 'entities' | 'migrations'>,
): DataSource {
  return withOurTypes(
    new DataSource({
      ...shared,
      driver: driverOn(pool),
      migrationsTransactionMode: 'each',
      ...options,
    }),
  );
}

/** TypeORM refuses columns of types it has not heard of; it need not know more of this one than its name. */
export function withOurTypes(dataSource: DataSource): DataSource {
  dataSource.driver.supportedDataTypes.push('xid8' as never);
  return dataSource;
}

/** TypeORM makes its own pool from a driver; this driver's pool is the one there is. */
function driverOn(pool: pg.Pool): object {
  const Pool = function () {
    return pool;
  };
  return { ...pg, Pool, defaults: pg.defaults };
}
