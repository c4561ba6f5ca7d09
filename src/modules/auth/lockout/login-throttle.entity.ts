import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ThrottleKind } from '../passwords/login-throttle-rule.js';

const primaryKey = { primaryKeyConstraintName: 'pk_login_throttles' };

/** How often somebody has failed to log in lately. */
@Entity('login_throttles')
@Check('ck_login_throttles_kind', `kind IN ('login_address', 'login', 'address')`)
@Index('ix_login_throttles_last_failure', ['lastFailureAt'])
export class LoginThrottle {
  @PrimaryColumn({ type: 'uuid', ...primaryKey })
  tenantId: string;

  @PrimaryColumn({ type: 'varchar', length: 16, ...primaryKey })
  kind: ThrottleKind;

  /** HMAC of the canonical login and the network, so that the table names nobody. */
  @PrimaryColumn({ type: 'varchar', length: 64, ...primaryKey })
  keyHash: string;

  @Column({ type: 'integer' })
  failures: number;

  @Column({ type: 'timestamptz', precision: 3 })
  windowStartedAt: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  lastFailureAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lockedUntil: Date | null;
}
