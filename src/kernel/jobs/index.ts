export { Job, JobHopeless } from './job-declaration.js';
export { type JobRequest, Jobs, type JobState } from './jobs.js';
export { JobsModule } from './jobs.module.js';
export { ScheduleCatalogue } from './schedule-catalogue.js';
export { Scheduled, type ScheduleDeclaration } from './schedule-declaration.js';
export type { ScheduleOutcome, ScheduleState } from './schedule-lease.js';
export { ScheduleRunner } from './schedule-runner.js';
