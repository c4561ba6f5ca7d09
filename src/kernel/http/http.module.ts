import { Global, Module } from '@nestjs/common';
import { ProblemTypesController } from './docs/problem-types.controller.js';
import { Idempotency } from './idempotency/idempotency.js';
import { IdempotencySchedule } from './idempotency/idempotency.schedule.js';
import { StoredAnswers } from './idempotency/stored-answers.repository.js';
import { Cursors } from './output/cursors.js';
import { RateLimiter } from './rate-limit/rate-limiter.js';
import { RateLimits } from './rate-limit/rate-limits.js';
import { RateWindows } from './rate-limit/rate-windows.repository.js';
import { RateWindowsSchedule } from './rate-limit/rate-windows.schedule.js';

/** What every route is given; `configureHttp` puts it in place. */
@Global()
@Module({
  controllers: [ProblemTypesController],
  providers: [
    Cursors,
    Idempotency,
    IdempotencySchedule,
    RateLimiter,
    RateLimits,
    RateWindows,
    RateWindowsSchedule,
    StoredAnswers,
  ],
  exports: [Cursors, RateWindows],
})
export class HttpModule {}
