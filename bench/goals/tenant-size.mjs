import pg from 'pg';
import { startDatabase } from '../harness/cluster.mjs';
import { settle } from '../harness/people.mjs';
import { startApplication } from '../harness/server.mjs';
import { compare, HELLO_BODY, requestsWith, requireNoQueries } from './requests.mjs';

const FEW = 1_000;
const MANY = 1_000_000;
const SMALL = 'the tenant has 1,000 bindings';
const LARGE = 'the tenant has 1,000,000 bindings';

export const tenantSizeGoal = {
  id: 'g14',
  title: 'Request with a permission in a tenant with 1,000,000 bindings',
  reference: 'the same request with 1,000 bindings in the tenant',
  measure: 'processor time per request',
  limit: 1.05,
  async run(context) {
    const { dist, fromBuild, pace } = context;
    await bind(context.database, FEW);
    const database = await startDatabase(fromBuild);
    const server = await startApplication(dist, database);
    try {
      const { people } = await settle(server, pace.people);
      await bind(database, MANY);
      const requests = (who) =>
        requestsWith(
          who.map(({ accessToken }) => accessToken),
          '/api/v1/bench/hello-authenticated',
          HELLO_BODY,
        );
      const variants = {
        [SMALL]: { server: context.server, requests: requests(context.people) },
        [LARGE]: { server, requests: requests(people) },
      };
      const { samples, rows } = await compare(context, variants, SMALL);
      return { ratio: rows[1].ratio, rows, checks: [requireNoQueries(samples, LARGE)] };
    } finally {
      await server.stop();
      await database.stop();
    }
  },
};

/** Bindings of others, everywhere and on ten thousand gateways, straight into the table. */
async function bind({ ownerUrl }, count) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    // Ascending identifiers, as those of the service are: random ones would take the indexes minutes.
    await client.query(
      `INSERT INTO role_bindings (id, tenant_id, subject_kind, subject_id, role_id, scope_kind, scope_id)
       SELECT ('01936f5e-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, r.tenant_id, 'user',
         ('01936f5e-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, r.id, 'gateway',
         ('01936f5e-0000-7000-a000-' || lpad(to_hex(n / 100), 12, '0'))::uuid
       FROM generate_series(1, $1::integer) AS n JOIN roles r ON r.name = 'viewer'
       ON CONFLICT DO NOTHING`,
      [count],
    );
    await client.query('ANALYZE role_bindings');
  } finally {
    await client.end();
  }
}
