import type pg from 'pg';
import { unsealedEntries, type UnsealedEntry } from './database-rows.js';
import type { Findings } from './findings.js';

const AT_ONCE = 1_000;
/** Longer than any transaction of the service lasts: an entry that old would have been sealed, or comes after a pause. */
const LATEST_MS = 10 * 60_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** So many culprits are enough. */
const MOST_SUSPECTS = 100_000;
const BEHIND = 'was put in where the log was sealed already.';
const LATE = 'was put in long after its time.';

/** Entries that have no place in a log. */
export class UnsealedCheck {
  /** Of those whose turn has come and gone: one of them may be a sealed entry under another id. */
  readonly hashesBehindSealer = new Set<string>();
  private readonly suspects: { readonly entry: UnsealedEntry; readonly what: string | null }[] = [];
  private readonly waitingByTenant = new Map<string, number>();

  async run(client: pg.Client): Promise<void> {
    const newest = await newestCheckpoints(client);
    for (let after = FIRST_ID; ;) {
      const page = await unsealedEntries(client, after, AT_ONCE);
      for (const entry of page) this.judge(entry, newest.get(entry.line.tenantId) ?? null);
      if (page.length < AT_ONCE) return;
      after = page[page.length - 1].line.id;
    }
  }

  waiting(tenantId: string): number {
    return this.waitingByTenant.get(tenantId) ?? 0;
  }

  report(findings: Findings): void {
    for (const { entry, what } of this.suspects) {
      const { tenantId, id: name } = entry.line;
      if (what !== null) findings.add({ code: 3, tenantId, seq: null, what: `The entry ${name} ${what}` });
      if (!isRight(entry))
        findings.add({
          code: 2,
          tenantId,
          seq: null,
          what: `The unsealed entry ${name} is not what was hashed.`,
        });
    }
  }

  private judge(entry: UnsealedEntry, newestMs: number | null): void {
    const { line, occurredAt, isBehindSealer } = entry;
    const { tenantId } = line;
    this.waitingByTenant.set(tenantId, this.waiting(tenantId) + 1);
    if (isBehindSealer && this.hashesBehindSealer.size < MOST_SUSPECTS)
      this.hashesBehindSealer.add(line.leafHash);
    const isOld = newestMs !== null && Date.parse(occurredAt) < newestMs - LATEST_MS;
    const what = isBehindSealer ? BEHIND : isOld ? LATE : null;
    if (what === null && isRight(entry)) return;
    if (this.suspects.length < MOST_SUSPECTS) this.suspects.push({ entry, what });
  }
}

async function newestCheckpoints(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ tenantId: string; createdAt: Date }>(
    `SELECT t.tenant_id AS "tenantId", c.created_at AS "createdAt"
       FROM (SELECT DISTINCT tenant_id FROM audit_checkpoints) t, LATERAL (
         SELECT created_at FROM audit_checkpoints c WHERE c.tenant_id = t.tenant_id ORDER BY tree_size DESC LIMIT 1) c`,
  );
  return new Map(rows.map(({ tenantId, createdAt }) => [tenantId, createdAt.getTime()]));
}

function isRight({ line }: UnsealedEntry): boolean {
  return line.isRight && line.isPersonalRight;
}
