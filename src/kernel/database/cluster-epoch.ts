import type pg from 'pg';

/** As many digits as a 64-bit number has; the functions of this name are open to every role unless somebody shut them. */
const IDENTIFIER = 'SELECT system_identifier::text AS id FROM pg_control_system()';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Transaction ids of two clusters cannot be compared, and a dump that is restored elsewhere brings those of its origin.
 * So audit entries say in which epoch their transaction id counts: a new one begins when the tables wake up in a cluster
 * other than before. Called by the owner, after the migrations and before anybody writes.
 */
export async function beginEpochInNewCluster(client: pg.PoolClient): Promise<void> {
  const identifier = await systemIdentifier(client);
  const { rows } = await client.query<{ epoch: number; identifier: string }>(
    'SELECT epoch, system_identifier AS identifier FROM audit_epochs ORDER BY epoch DESC LIMIT 1',
  );
  const latest = rows.at(0);
  if (latest?.identifier === identifier) return;
  const epoch = (latest?.epoch ?? 0) + 1;
  await client.query('INSERT INTO audit_epochs (epoch, system_identifier) VALUES ($1, $2)', [
    epoch,
    identifier,
  ]);
  if (epoch > 1)
    await client.query(`ALTER TABLE audit_entries ALTER COLUMN cluster_epoch SET DEFAULT ${epoch}`);
}

/** A server that keeps its identifier to itself counts as one that never changes. */
async function systemIdentifier(client: pg.PoolClient): Promise<string> {
  await client.query('SAVEPOINT identifier');
  try {
    const { rows } = await client.query<{ id: string }>(IDENTIFIER);
    return rows[0].id;
  } catch (error) {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    await client.query('ROLLBACK TO SAVEPOINT identifier');
    return 'unknown';
  }
}
