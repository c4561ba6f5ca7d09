import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { UnitOfWork } from '../../../kernel/database/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../../kernel/operation/index.js';
import { Ids } from '../../../kernel/runtime/index.js';
import { ApiKeysRepository } from './api-keys.repository.js';

const FLUSH_AFTER_MS = 1_000;
/** Far more keys than are used within a second; beyond it a use is not noted, which only makes `lastUsedAt` older. */
const MOST_PENDING = 10_000;

/** Collects which keys were used and writes it in the background, many keys in one statement. */
@Injectable()
export class KeyUses implements OnModuleDestroy {
  private readonly log = new Logger('ApiKeys');
  private pending = new Map<string, Date>();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: Ids,
  ) {}

  /** Takes no time worth counting; the caller sees to it that a key comes here at most once a minute. */
  note(keyId: string, usedAtMs: number): void {
    if (this.pending.size >= MOST_PENDING) return;
    this.pending.set(keyId, new Date(usedAtMs));
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Writes what has been noted so far. What cannot be written is forgotten: it is bookkeeping and will come again. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const uses = this.pending;
    this.pending = new Map();
    if (uses.size > 0) this.writing = this.writing.then(() => this.write(uses));
    return this.writing;
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }

  private async write(uses: ReadonlyMap<string, Date>): Promise<void> {
    const operation = systemOperation('schedule', this.ids.next(), systemPrincipal('api-keys'));
    try {
      await runInOperation(operation, () => this.unitOfWork.run(() => this.keys.touch(uses)));
    } catch (error) {
      this.log.warn(`The last use of ${uses.size} keys was not written: ${String(error)}`);
    }
  }
}
