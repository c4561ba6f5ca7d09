import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../problem/index.js';
import { Tenant } from './tenant.entity.js';

/** What a tenant has set; what is not in here has its default. */
@Entity('tenant_settings')
export class TenantSettings {
  @ForeignKey(() => Tenant, { name: 'fk_tenant_settings_tenant', onDelete: 'CASCADE' })
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_tenant_settings' })
  tenantId: string;

  @Column({ type: 'jsonb', default: {} })
  values: Record<string, JsonValue>;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt: Date;

  @Column({ type: 'integer', default: 1 })
  version: number;
}
