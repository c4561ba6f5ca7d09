import { SetMetadata } from '@nestjs/common';

export interface JobDeclaration {
  readonly name: string;
  /** How often it is tried, with growing pauses, before it is left as failed for good. */
  readonly maxAttempts: number;
}

const DEFAULT_ATTEMPTS = 10;
const declarations = new Map<string, JobDeclaration>();

/** Every job that some provider handles, by name. */
export const jobDeclarations: ReadonlyMap<string, JobDeclaration> = declarations;
export const JOB_METADATA = 'reeve:job';

/**
 * Makes a method of a provider the handler of the jobs with this name. It is called with the payload at least once per
 * job, in an operation of its own without a transaction; throwing makes it run again later. What it writes is refused
 * once the job has been given to another process.
 */
export function Job(name: string, options: { maxAttempts?: number } = {}): MethodDecorator {
  if (declarations.has(name)) throw new Error(`Two handlers for the job ${name}`);
  declarations.set(name, { name, maxAttempts: options.maxAttempts ?? DEFAULT_ATTEMPTS });
  return SetMetadata(JOB_METADATA, name);
}

/** Thrown by a handler for which trying again is no use: the job is left as failed at once. */
export class JobHopeless extends Error {}
