import { Injectable } from '@nestjs/common';
import { createHash, createHmac } from 'node:crypto';
import { Client } from 'pg';
import { Database, Transactional, UnitOfWork } from '../../src/kernel/database/index.js';
import {
  AppendedEntries,
  EventLog,
  type Fact,
  fact,
  InTransaction,
  recordedChange,
} from '../../src/kernel/events/index.js';
import { type Operation, operationOrNull, systemPrincipal } from '../../src/kernel/operation/index.js';
import { ADA, asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';

class TreePlanted extends fact<{ species: string; height?: number }>({
  action: 'tree.plant',
  resourceType: 'tree',
  summary: 'A tree was planted.',
  public: true,
  detail: { species: { type: 'string' }, height: { type: 'number' } },
  example: { species: 'oak' },
}) {}

class TreeFelled extends fact<{ why: string }>({
  action: 'tree.fell',
  resourceType: 'tree',
  summary: 'A tree was felled.',
  public: true,
  detail: { why: { type: 'string' } },
  example: { why: 'storm' },
}) {}

class LeafFell extends fact<{ n: number }>({
  action: 'leaf.fall',
  resourceType: 'leaf',
  summary: 'A leaf fell.',
  public: false,
  detail: { n: { type: 'integer' } },
  example: { n: 1 },
}) {}

@Injectable()
class Nests {
  fallen: string[] = [];
  refuse = false;

  constructor(private readonly work: UnitOfWork) {}

  @InTransaction(TreeFelled)
  async treeFelled(felled: Fact): Promise<void> {
    if (this.refuse) throw new Error('There is an owl in it.');
    this.fallen.push(`${felled.resourceId} ${this.work.isActive()}`);
  }

  @InTransaction('tree.fell')
  async toldByName(felled: Fact): Promise<void> {
    this.fallen.push(`${felled.resourceId} by name`);
  }
}

const moveRings = recordedChange<{ rings: number }>(
  'test_move_rings',
  2,
  `changed AS (UPDATE test_rings SET rings = rings + $2 WHERE id = $1 RETURNING rings)`,
);

@Injectable()
class Forest {
  constructor(private readonly events: EventLog) {}

  @Transactional()
  async growInside(...facts: Fact[]): Promise<void> {
    await this.events.recordedWith(moveRings, ['oak', 1], facts);
  }

  @Transactional()
  async plant(species: string, options: { thenFail?: boolean } = {}): Promise<void> {
    await this.events.record(
      new TreePlanted({
        resourceId: 'tree-1',
        detail: { species, height: 1.5 },
        personal: { owner: 'Grace ü' },
      }),
    );
    if (options.thenFail) throw new Error('No room.');
  }

  @Transactional()
  async fell(id: string): Promise<void> {
    await this.events.record(new TreeFelled({ resourceId: id, detail: { why: 'storm' } }));
  }

  @Transactional()
  async drop(n: number): Promise<void> {
    await this.events.append(new LeafFell({ resourceId: `leaf-${n}`, detail: { n } }));
    throw new Error('The branch went too.');
  }
}

type Row = Record<string, unknown> & { id: string; detail: string; occurred_at: Date };

let kernel: KernelApp;
let forest: Forest;
let events: EventLog;

beforeAll(async () => {
  kernel = await startKernelApp({ providers: [Forest, Nests] });
  forest = kernel.app.get(Forest);
  events = kernel.app.get(EventLog);
});
afterAll(() => kernel?.close());

const ada = principalLike({ roles: ['operator', 'member'] });
const query = <T = Row>(text: string, values: unknown[] = []) =>
  kernel.app.get(Database).read<T>({ name: '', text }, values);
const entriesOf = (action: string) =>
  query<Row>('SELECT * FROM audit_entries WHERE action = $1 ORDER BY id', [action]);

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: kernel.database.ownerUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('a recorded fact', () => {
  it('is an entry with everything about who, what, where and when', async () => {
    await asPrincipal(ada, () => forest.plant('oak'));
    const [entry] = await entriesOf('tree.plant');
    expect(entry).toMatchObject({
      tenant_id: ada.tenantId,
      actor_kind: 'user',
      actor_id: ADA,
      actor_role: 'operator',
      on_behalf_of: [],
      delegation_path: [],
      resource_type: 'tree',
      resource_id: 'tree-1',
      outcome: 'success',
      request_id: 'request-of-the-test',
      detail: '{"height":1.5,"species":"oak"}',
    });
    const [personal] = await query('SELECT * FROM audit_personal WHERE entry_id = $1', [entry.id]);
    expect(personal).toMatchObject({
      actor_name: 'ada',
      client_ip: '192.0.2.7',
      user_agent: 'test/1',
      detail: '{"owner":"Grace ü"}',
    });
  });

  // Written from docs/audit-format.md alone, with JSON.stringify over sorted names in the place of the canonical form.
  it('has the hashes that the documented format gives', async () => {
    await asPrincipal(ada, () => forest.plant('ash'));
    const entry = (await entriesOf('tree.plant')).at(-1)!;
    const [personal] = await query<Record<string, unknown> & { salt: Buffer }>(
      'SELECT * FROM audit_personal WHERE entry_id = $1',
      [entry.id],
    );
    const digest = createHmac('sha256', personal.salt)
      .update(
        JSON.stringify({
          actorName: personal.actor_name,
          clientIp: personal.client_ip,
          detail: personal.detail,
          userAgent: personal.user_agent,
        }),
      )
      .digest();
    expect(personal.salt).toHaveLength(16);
    expect(entry.personal_digest).toEqual(digest);
    const leaf = JSON.stringify({
      action: entry.action,
      actorId: entry.actor_id,
      actorKind: entry.actor_kind,
      actorRole: entry.actor_role,
      approvalId: entry.approval_id,
      commandId: entry.command_id,
      delegationPath: entry.delegation_path,
      departmentId: entry.department_id,
      detail: entry.detail,
      eventCode: entry.event_code,
      gatewayId: entry.gateway_id,
      gatewayName: entry.gateway_name,
      id: entry.id,
      occurredAt: entry.occurred_at.toISOString(),
      onBehalfOf: entry.on_behalf_of,
      outcome: entry.outcome,
      personalDigest: digest.toString('hex'),
      requestId: entry.request_id,
      resourceId: entry.resource_id,
      resourceType: entry.resource_type,
      tenantId: entry.tenant_id,
    });
    expect(entry.leaf_hash).toEqual(createHash('sha256').update('\0').update(leaf).digest());
  });

  it('is counted outside its transaction, so that what the count sets off does not keep it', async () => {
    let told: (operation: Operation | null) => void = () => undefined;
    const counted = new Promise<Operation | null>((resolve) => (told = resolve));
    kernel.app.get(AppendedEntries).onEvery(1, () => setTimeout(() => told(operationOrNull()), 0));
    await asPrincipal(ada, () => forest.plant('lime'));
    await expect(counted).resolves.toBeNull();
  });

  it('goes when the change goes', async () => {
    const before = (await entriesOf('tree.plant')).length;
    await expect(asPrincipal(ada, () => forest.plant('elm', { thenFail: true }))).rejects.toThrow('No room.');
    expect(await entriesOf('tree.plant')).toHaveLength(before);
  });

  it('cannot be recorded outside a transaction', async () => {
    const planted = new TreePlanted({ resourceId: null, detail: { species: 'yew' } });
    await expect(asPrincipal(ada, () => events.record(planted))).rejects.toThrow(/needs a transaction/);
  });

  it('is anonymous when nobody is signed in, and names the system when it acts by itself', async () => {
    await asPrincipal(null, () => forest.plant('fir'));
    await asPrincipal(systemPrincipal('gardener'), () => forest.plant('fir'), {
      clientIp: null,
      userAgent: null,
    });
    const [anonymous, system] = (await entriesOf('tree.plant')).slice(-2);
    expect(anonymous).toMatchObject({ actor_kind: 'anonymous', actor_id: null, actor_role: null });
    expect(system).toMatchObject({ actor_kind: 'system', actor_id: 'gardener' });
  });

  it("names the one who really acts when somebody acts in another's name", async () => {
    const support = { kind: 'user', id: '01936f5e-0000-7000-8000-0000000000c1', name: 'sam' } as const;
    await asPrincipal(principalLike({ actor: support }), () => forest.plant('box'));
    expect((await entriesOf('tree.plant')).at(-1)).toMatchObject({
      actor_id: support.id,
      on_behalf_of: [`user:${ADA}`],
    });
  });

  it('with a detail of more than 16 KiB is a mistake of the program, and the change does not happen', async () => {
    const before = (await entriesOf('tree.plant')).length;
    await expect(asPrincipal(ada, () => forest.plant('x'.repeat(17_000)))).rejects.toThrow(/16 KiB/);
    expect(await entriesOf('tree.plant')).toHaveLength(before);
  });
});

describe('handlers in the transaction', () => {
  it('run inside it, found by class and by name', async () => {
    await asPrincipal(ada, () => forest.fell('tree-7'));
    expect(kernel.app.get(Nests).fallen).toEqual(['tree-7 true', 'tree-7 by name']);
  });

  it('stop the change when they fail', async () => {
    const nests = kernel.app.get(Nests);
    const before = (await entriesOf('tree.fell')).length;
    nests.refuse = true;
    await expect(asPrincipal(ada, () => forest.fell('tree-8'))).rejects.toThrow('owl');
    nests.refuse = false;
    expect(await entriesOf('tree.fell')).toHaveLength(before);
  });

  it('would never run for an appended fact, so that is refused', async () => {
    const felled = new TreeFelled({ resourceId: 'tree-9', detail: { why: 'axe' } });
    await expect(events.append(felled)).rejects.toThrow(/record it/);
  });
});

describe('a change that is one statement with its facts', () => {
  const planted = (n: number) => new TreePlanted({ resourceId: `ring-${n}`, detail: { species: 'oak' } });
  const grow = (id: string, ...facts: Fact[]) =>
    asPrincipal(ada, () => events.recordedWith(moveRings, [id, 1], facts));
  const entriesOn = (resourceId: string) =>
    query('SELECT 1 FROM audit_entries JOIN audit_personal ON entry_id = id WHERE resource_id = $1', [
      resourceId,
    ]);

  beforeAll(async () => {
    const { runtimeUrl } = kernel.database;
    await asOwner(`CREATE TABLE test_rings (id text PRIMARY KEY, rings integer NOT NULL);
      INSERT INTO test_rings VALUES ('oak', 1);
      GRANT SELECT, UPDATE ON test_rings TO ${new URL(runtimeUrl).username}`);
  });

  it('is there with all of them', async () => {
    expect(await grow('oak', planted(1), planted(2))).toEqual({ rings: 2 });
    expect(await entriesOn('ring-1')).toHaveLength(1);
    expect(await entriesOn('ring-2')).toHaveLength(1);
  });

  it('leaves none of them when it changed nothing', async () => {
    expect(await grow('elm', planted(3))).toBeNull();
    expect(await entriesOn('ring-3')).toHaveLength(0);
  });

  it('is left to a transaction when somebody wants to be in it', async () => {
    const felled = new TreeFelled({ resourceId: 'ring-4', detail: { why: 'axe' } });
    expect(await grow('oak', felled)).toBeNull();
    expect(await query('SELECT rings FROM test_rings')).toEqual([{ rings: 2 }]);
  });

  it('is no part of another transaction', async () => {
    await expect(asPrincipal(ada, () => forest.growInside(planted(5)))).rejects.toThrow(/its own/);
  });
});

describe('an appended fact', () => {
  it('is on disk when the call returns, also when the transaction around it is undone', async () => {
    await expect(asPrincipal(ada, () => forest.drop(1))).rejects.toThrow('branch');
    expect(await query(`SELECT 1 FROM audit_entries WHERE resource_id = 'leaf-1'`)).toHaveLength(1);
  });

  it('shares its write with others that come at the same time', async () => {
    const database = kernel.app.get(Database);
    const before = database.queriesIssued;
    const onBehalfOf = ['user:"quoted"', 'user:back\\slash', 'user:com,ma'];
    await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        asPrincipal(ada, () =>
          events.append(new LeafFell({ resourceId: `many-${n}`, detail: { n }, onBehalfOf })),
        ),
      ),
    );
    // The change feed reads now and then meanwhile.
    expect(database.queriesIssued - before).toBeLessThan(20);
    const rows = await query<{ on_behalf_of: string[] }>(
      `SELECT e.on_behalf_of FROM audit_entries e JOIN audit_personal p ON p.entry_id = e.id WHERE resource_id LIKE 'many-%'`,
    );
    expect(rows).toHaveLength(500);
    expect(rows[499].on_behalf_of).toEqual(onBehalfOf);
  });

  // While the database works on the one half, the callers of the other can come back with more.
  it.each([
    [20, 1],
    [50, 2],
  ])('goes out with the others that wait: %i of them in groups: %i', async (facts, groups) => {
    const name = `grouped-${facts}`;
    const append = (n: number) => events.append(new LeafFell({ resourceId: name, detail: { n } }));
    await asPrincipal(ada, () => Promise.all(Array.from({ length: facts }, (_, n) => append(n))));
    const written = await query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM audit_entries WHERE resource_id = '${name}' GROUP BY xid ORDER BY xid`,
    );
    expect(written.map(({ rows }) => rows)).toEqual(Array.from({ length: groups }, () => facts / groups));
  });

  it('that cannot be written fails alone', async () => {
    const results = await Promise.allSettled(
      [1, 2, 3, 4].map((n) =>
        asPrincipal(ada, () =>
          events.append(
            new LeafFell({ resourceId: n === 3 ? 'x'.repeat(254) : `mixed-${n}`, detail: { n } }),
          ),
        ),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await query(`SELECT 1 FROM audit_entries WHERE resource_id LIKE 'mixed-%'`)).toHaveLength(3);
  });
});

describe('the log', () => {
  it.each([
    `UPDATE audit_entries SET outcome = 'success'`,
    `UPDATE audit_entries SET detail = '{}' WHERE false OR true`,
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries CASCADE',
  ])('refuses "%s" even to the owner of the schema', async (sql) => {
    await expect(asOwner(sql)).rejects.toThrow(/append-only/);
  });

  it('is closed to the run-time role for anything but reading and adding', async () => {
    for (const sql of [
      `UPDATE audit_entries SET outcome = 'denied'`,
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      await expect(query(sql)).rejects.toThrow(/permission denied/);
    }
  });

  it('lets the personal part be erased and keeps the entry', async () => {
    const [{ id }] = await entriesOf('tree.plant');
    await query('DELETE FROM audit_personal WHERE entry_id = $1', [id]);
    expect(await query('SELECT 1 FROM audit_entries WHERE id = $1', [id])).toHaveLength(1);
  });
});

it('a fact is declared once', () => {
  expect(() =>
    fact({ action: 'tree.plant', resourceType: 'tree', summary: '', public: false, detail: {}, example: {} }),
  ).toThrow(/declared twice/);
});
