import { Injectable } from '@nestjs/common';
import { Database, statement, Transactional } from '../../../src/kernel/database/index.js';
import { Job, Scheduled } from '../../../src/kernel/jobs/index.js';
import { startReplica } from '../kernel-context.js';

/** A worker whose job and schedule leave a row each time they run: `process.pid`, and for jobs the payload's number. */
const [databaseUrl] = process.argv.slice(2);
const ranJob = statement('child_ran_job', 'INSERT INTO job_runs (pid, number) VALUES ($1, $2)');
const ranSchedule = statement('child_ran_schedule', 'INSERT INTO schedule_runs (pid) VALUES ($1)');

@Injectable()
class Work {
  constructor(private readonly database: Database) {}

  @Job('test.work')
  async work({ number }: { number: number }): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 30));
    await this.recordJob(number);
  }

  @Scheduled({ name: 'test.every-second', everySeconds: 1, description: 'Leaves a row.' })
  async everySecond(): Promise<void> {
    await this.recordSchedule();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await this.recordSchedule();
  }

  @Transactional()
  async recordJob(number: number): Promise<void> {
    await this.database.write(ranJob, [process.pid, number]);
  }

  @Transactional()
  async recordSchedule(): Promise<void> {
    await this.database.write(ranSchedule, [process.pid]);
  }
}

void startReplica(databaseUrl, { role: 'worker', providers: [Work] }).then((replica) => {
  process.stdout.write(`ready ${process.pid}\n`);
  process.once('SIGTERM', () => void replica.stop().then(() => process.exit(0)));
});
