import { Injectable } from '@nestjs/common';
import { Transactional } from '../../kernel/database/index.js';
import { EventLog } from '../../kernel/events/index.js';
import type { JsonValue } from '../../kernel/problem/index.js';
import { type EffectiveSettings, SettingsStore } from '../../kernel/settings/index.js';
import { SettingsUpdated } from './settings.events.js';

@Injectable()
export class SettingsService {
  constructor(
    private readonly store: SettingsStore,
    private readonly events: EventLog,
  ) {}

  read(tenantId: string): Promise<EffectiveSettings> {
    return this.store.all(tenantId);
  }

  /** @param expectedVersion null when any version will do */
  @Transactional()
  async change(
    tenantId: string,
    changes: Readonly<Record<string, JsonValue>>,
    expectedVersion: number | null,
  ): Promise<EffectiveSettings> {
    const changed = await this.store.update(tenantId, changes, expectedVersion);
    await this.events.record(
      new SettingsUpdated({ resourceId: tenantId, detail: { changes: { ...changes } } }),
    );
    return changed;
  }
}
