import { Injectable } from '@nestjs/common';
import { Metrics } from '../../../kernel/observability/index.js';
import { PasswordHasher } from '../passwords/password-hasher.js';

type Outcome = 'success' | 'failure' | 'locked';

/** Logins by outcome, and how many passwords wait to be checked. */
@Injectable()
export class LoginMetrics {
  private readonly logins;

  constructor(metrics: Metrics, hasher: PasswordHasher) {
    this.logins = metrics.counter<'outcome'>('auth_logins_total', 'Logins with a password by outcome.', [
      'outcome',
    ]);
    metrics.gauge('auth_password_checks_waiting', 'Passwords waiting to be checked.', () => hasher.waiting);
  }

  succeeded(): void {
    this.count('success');
  }

  failed(): void {
    this.count('failure');
  }

  locked(): void {
    this.count('locked');
  }

  private count(outcome: Outcome): void {
    this.logins.inc({ outcome });
  }
}
