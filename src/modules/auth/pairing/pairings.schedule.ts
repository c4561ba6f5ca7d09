import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { PairingsRepository } from './pairings.repository.js';

const SWEPT_AT_ONCE = 1_000;

/** Housekeeping only: whether a pairing has expired is judged when one of its codes is used. */
@Injectable()
export class PairingsSchedule {
  constructor(
    private readonly pairings: PairingsRepository,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'auth.pairings',
    everySeconds: 300,
    description: 'Removes pairings of devices that have expired.',
  })
  async sweep(): Promise<void> {
    while ((await this.sweepSome()) === SWEPT_AT_ONCE);
  }

  @Transactional()
  private sweepSome(): Promise<number> {
    return this.pairings.sweep(this.clock.now(), SWEPT_AT_ONCE);
  }
}
