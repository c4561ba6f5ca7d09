import { SetMetadata } from '@nestjs/common';

export interface ScheduleDeclaration {
  /** `part.what-it-does`, unique. */
  readonly name: string;
  /** From the beginning of one run to the beginning of the next; a longer run delays the next. */
  readonly everySeconds: number;
  /** A run that takes longer is given up: it counts as failed, and what it still tries to write is refused. */
  readonly longestSeconds?: number;
  /** One sentence for operators. */
  readonly description: string;
}

export const SCHEDULE_METADATA = 'reeve:schedule';

/**
 * Runs a method of a provider regularly, on one replica at a time. When the process that runs it dies, another one
 * takes over within a minute; what the former still tries to write in a transaction is refused.
 */
export function Scheduled(declaration: ScheduleDeclaration): MethodDecorator {
  return SetMetadata(SCHEDULE_METADATA, Object.freeze({ ...declaration }));
}
