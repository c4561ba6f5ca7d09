import { Injectable } from '@nestjs/common';
import { ChangeFeed, columnsOf, Database, statement, TaggedCache } from '../database/index.js';
import { type FieldError, type JsonValue, ValidationFailed, VersionMismatch } from '../problem/index.js';
import { Clock, Configuration } from '../runtime/index.js';
import { type Setting, settingCatalogue } from './setting.js';
import { TenantSettings } from './tenant-settings.entity.js';
import { Tenants } from './tenants.repository.js';

/** All settings of a tenant with the values they have now. */
export interface EffectiveSettings {
  readonly version: number;
  readonly values: Readonly<Record<string, JsonValue>>;
}

type StoredSettings = Pick<TenantSettings, 'tenantId' | 'version' | 'values'>;

const MOST_TENANTS = 1_000;
/** The version of settings that nobody has touched yet; there is no row then. */
const UNTOUCHED_VERSION = 1;

const settingsOf = statement<TenantSettings>(
  'tenant_settings_of',
  `SELECT ${columnsOf(TenantSettings)} FROM tenant_settings WHERE tenant_id = $1`,
);
const storeSettings = statement(
  'tenant_settings_store',
  `INSERT INTO tenant_settings (tenant_id, "values", updated_at, version) VALUES ($1, $2::text::jsonb, $3, $4)
   ON CONFLICT (tenant_id) DO UPDATE
     SET "values" = excluded."values", updated_at = excluded.updated_at, version = excluded.version`,
);

/** What administrators set per tenant, remembered until somebody changes it. */
@Injectable()
export class SettingsStore {
  private readonly cache: TaggedCache<string, StoredSettings>;

  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly tenants: Tenants,
  ) {
    this.cache = new TaggedCache(feed, {
      max: MOST_TENANTS,
      tagsOf: (_, tenantId) => [`settings:${tenantId}`],
    });
  }

  async get<T extends JsonValue>(tenantId: string, setting: Setting<T>): Promise<T> {
    return this.valueIn(await this.cache.get(tenantId, () => this.load(tenantId)), setting);
  }

  /** The value when it is known without asking the database, undefined otherwise; for paths that must not wait. */
  peek<T extends JsonValue>(tenantId: string, setting: Setting<T>): T | undefined {
    const stored = this.cache.peek(tenantId);
    return stored === undefined ? undefined : this.valueIn(stored, setting);
  }

  /** Straight from the database, so that the version is the one a change must name. */
  async all(tenantId: string): Promise<EffectiveSettings> {
    return this.effective(await this.load(tenantId));
  }

  /**
   * Changes some settings, inside the caller's transaction; null puts a setting back to its default.
   *
   * @param changes by key
   * @param expectedVersion the version the caller saw; null when any will do
   * @throws ValidationFailed for an unknown key or a value the setting does not take
   * @throws VersionMismatch when the settings have been changed since
   */
  async update(
    tenantId: string,
    changes: Readonly<Record<string, JsonValue>>,
    expectedVersion: number | null,
  ): Promise<EffectiveSettings> {
    refuseInvalid(changes);
    // The tenant's row, because there may be none of its settings yet.
    await this.tenants.lock(tenantId);
    const stored = await this.load(tenantId);
    if (expectedVersion !== null && stored.version !== expectedVersion)
      throw new VersionMismatch(expectedVersion, stored.version);
    const version = stored.version + 1;
    const values = merged(stored.values, changes);
    await this.database.write(storeSettings, [tenantId, JSON.stringify(values), this.clock.now(), version]);
    await this.feed.announce('settings', tenantId);
    return this.effective({ tenantId, version, values });
  }

  private async load(tenantId: string): Promise<StoredSettings> {
    const row = await this.database.readOne(settingsOf, [tenantId]);
    return row ?? { tenantId, version: UNTOUCHED_VERSION, values: {} };
  }

  private effective({ version, values }: StoredSettings): EffectiveSettings {
    const entries = [...settingCatalogue.values()].map((setting) => [
      setting.key,
      this.valueIn({ values }, setting),
    ]);
    return { version, values: Object.fromEntries(entries) as Record<string, JsonValue> };
  }

  private valueIn<T extends JsonValue>({ values }: Pick<StoredSettings, 'values'>, setting: Setting<T>): T {
    return Object.hasOwn(values, setting.key)
      ? (values[setting.key] as T)
      : setting.default(this.configuration);
  }
}

function refuseInvalid(changes: Readonly<Record<string, JsonValue>>): void {
  const errors = Object.entries(changes).flatMap(([key, value]): FieldError[] => {
    const setting = settingCatalogue.get(key);
    const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (setting === undefined)
      return [{ in: 'body', pointer, code: 'unknown_field', message: 'This setting is not known here.' }];
    const refusal = value === null ? null : setting.refusal(value);
    return refusal === null ? [] : [{ in: 'body', pointer, code: 'setting_value', message: refusal }];
  });
  if (errors.length > 0) throw new ValidationFailed(errors);
}

function merged(
  values: Readonly<Record<string, JsonValue>>,
  changes: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  const all = Object.entries({ ...values, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}
