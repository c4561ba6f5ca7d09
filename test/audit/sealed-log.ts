import type { INestApplicationContext } from '@nestjs/common';
import { AuditModule, Sealer } from '../../src/modules/audit/index.js';
import { WaitingEntries } from '../../src/modules/audit/sealing/waiting-entries.js';
import { Database, statement } from '../../src/kernel/database/index.js';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { KiteFlown } from '../declared/kites.js';
import { asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';
import { asSuperuser, testServer, withDatabase } from '../support/postgres.js';

export { KiteFlown };

const areAllFinal = statement<{ areFinal: boolean }>(
  'test.are_all_final',
  `SELECT NOT EXISTS (
     SELECT FROM audit_entries
      WHERE cluster_epoch = (SELECT max(epoch) FROM audit_epochs) AND xid >= pg_snapshot_xmin(pg_current_snapshot())
   ) AS "areFinal"`,
);

/**
 * Entries wait for every older transaction of the database server, and other tests have theirs on it as well: waits until
 * none has to wait any more, and then seals them, together.
 *
 * @returns how many were sealed
 */
export async function sealEverything(app: Pick<INestApplicationContext, 'get'>): Promise<number> {
  while (!(await app.get(Database).read(areAllFinal))[0].areFinal)
    await new Promise((resolve) => setTimeout(resolve, 10));
  let total = await app.get(Sealer).sealAll();
  while ((await app.get(WaitingEntries).first()) !== 'none') {
    await new Promise((resolve) => setTimeout(resolve, 10));
    total += await app.get(Sealer).sealAll();
  }
  return total;
}

/** A database with an audit log in it, and the parts that write, seal and prove. */
export class SealedLog {
  private constructor(readonly kernel: KernelApp) {}

  /** @param secretKey that of whoever else seals this log; one for the test file when left out */
  static async open(database?: KernelApp['database'], secretKey?: string): Promise<SealedLog> {
    return new SealedLog(await startKernelApp({ imports: [AuditModule] }, database, secretKey));
  }

  /** Writes entries as the service does; many at once share a statement. */
  async append(count: number, tenantId = DEFAULT_TENANT_ID): Promise<void> {
    const log = this.kernel.app.get(EventLog);
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        asPrincipal(principalLike({ tenantId }), () =>
          log.append(
            new KiteFlown({
              // Whatever needs escaping somewhere.
              resourceId: `kite-${index} \u0001\t\n"\\/\u007f\u2028\u00e9\u{1f600}`,
              detail: { height: index, note: 'caf\u00e9' },
              personal: { owner: `Grace ${index}` },
            }),
          ),
        ),
      ),
    );
  }

  /** Seals what can be sealed at this moment. */
  sealOnce(): Promise<number> {
    return this.kernel.app.get(Sealer).sealAll();
  }

  /** Seals everything there is. */
  seal(): Promise<number> {
    return sealEverything(this.kernel.app);
  }

  async grow(count: number, tenantId = DEFAULT_TENANT_ID): Promise<void> {
    await this.append(count, tenantId);
    await this.seal();
  }

  /** As the superuser, with every trigger off: what an attacker on the machine of the database can do. */
  tamper<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const database = new URL(this.kernel.database.ownerUrl).pathname.slice(1);
    const superuserUrl = withDatabase(testServer().superuserUrl, database);
    return asSuperuser({ superuserUrl }, async (client) => {
      await client.query('SET session_replication_role = replica');
      return (await client.query(sql, values)).rows as Row[];
    });
  }

  close(): Promise<void> {
    return this.kernel.close();
  }
}
