import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The outer wall: every row of the domain belongs to one. */
@Entity('tenants')
@Unique('uq_tenants_slug', ['slug'])
export class Tenant {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_tenants' })
  id: string;

  @Column({ type: 'varchar', length: 64 })
  slug: string;

  @Column({ type: 'varchar', length: 128 })
  name: string;

  @Column({ type: 'boolean', default: true })
  isActive: boolean;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  createdAt: Date;

  @Column({ type: 'integer', default: 1 })
  version: number;
}
