import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';

const POLL_INTERVAL_MS = 300;

const sizes = statement<{ tenantId: string; size: string }>(
  'audit.log_sizes',
  `SELECT t.id AS "tenantId", c.tree_size AS size FROM unnest($1::uuid[]) t (id) CROSS JOIN LATERAL (
     SELECT tree_size FROM audit_checkpoints WHERE tenant_id = t.id ORDER BY tree_size DESC LIMIT 1) c`,
);

interface Waiting {
  readonly tenantId: string;
  readonly beyond: number;
  readonly tell: (size: number) => void;
}

/** Tells all who wait how far the logs are sealed, whichever process seals: one small query for everybody together. */
@Injectable()
export class LogGrowth implements OnModuleDestroy {
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(private readonly database: Database) {}

  async sizeOf(tenantId: string): Promise<number> {
    const [row] = await this.database.read(sizes, [[tenantId]]);
    return Number(row?.size ?? 0);
  }

  /** The size of the log as soon as it is greater; null when that takes too long or is not wanted any more. */
  sizeBeyond(
    tenantId: string,
    beyond: number,
    longestMs: number,
    ending: AbortSignal,
  ): Promise<number | null> {
    return new Promise((resolve) => {
      const done = (size: number | null): void => {
        clearTimeout(timeout);
        ending.removeEventListener('abort', onEnd);
        this.waiting.delete(waiting);
        resolve(size);
      };
      const onEnd = (): void => done(null);
      const timeout = setTimeout(onEnd, longestMs).unref();
      const waiting: Waiting = { tenantId, beyond, tell: done };
      if (ending.aborted || this.stopped) return done(null);
      ending.addEventListener('abort', onEnd);
      this.waiting.add(waiting);
      this.lookLater();
    });
  }

  onModuleDestroy(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private lookLater(): void {
    if (this.timer !== null || this.stopped || this.waiting.size === 0) return;
    this.timer = setTimeout(() => void this.look(), POLL_INTERVAL_MS).unref();
  }

  private async look(): Promise<void> {
    const tenants = [...new Set([...this.waiting].map(({ tenantId }) => tenantId))];
    // A database that is away is noticed elsewhere; here the next look is as good.
    const rows = tenants.length === 0 ? [] : await this.database.read(sizes, [tenants]).catch(() => []);
    const known = new Map(rows.map(({ tenantId, size }) => [tenantId, Number(size)]));
    for (const { tenantId, beyond, tell } of [...this.waiting]) {
      const size = known.get(tenantId) ?? 0;
      if (size > beyond) tell(size);
    }
    this.timer = null;
    this.lookLater();
  }
}
