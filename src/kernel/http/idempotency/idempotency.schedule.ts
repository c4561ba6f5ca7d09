import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../jobs/index.js';
import { Clock } from '../../runtime/index.js';
import { StoredAnswers } from './stored-answers.repository.js';

const AT_ONCE = 1_000;

@Injectable()
export class IdempotencySchedule {
  constructor(
    private readonly answers: StoredAnswers,
    private readonly clock: Clock,
  ) {}

  @Scheduled({
    name: 'http.idempotency-rows',
    everySeconds: 300,
    description: 'Deletes stored answers whose Idempotency-Key is older than 24 hours.',
  })
  async deleteExpired(): Promise<void> {
    while ((await this.answers.deleteExpired(this.clock.now(), AT_ONCE)) === AT_ONCE);
  }
}
