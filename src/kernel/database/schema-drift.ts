import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { connectionSettings } from './pool.js';
import { dataSourceOn } from './data-source.js';

/**
 * Compares what the entities declare with what the migrations made.
 *
 * @param ownerUrl a migrated database; nothing is changed in it
 * @returns the statements that would make the database what the entities say; none when they agree
 */
export async function schemaDrift(
  ownerUrl: string,
  entities: DataSourceOptions['entities'],
): Promise<string[]> {
  const pool = new pg.Pool({ ...connectionSettings(ownerUrl, 'reeve drift check'), max: 2 });
  const dataSource = dataSourceOn(pool, { entities });
  await dataSource.initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}
