import { Injectable } from '@nestjs/common';
import { DiscoveredMethods } from './discovered-methods.js';
import { SCHEDULE_METADATA, type ScheduleDeclaration } from './schedule-declaration.js';
import { ScheduleLeases, type ScheduleState } from './schedule-lease.js';

export interface Schedule {
  readonly declaration: ScheduleDeclaration;
  readonly call: () => Promise<unknown>;
}

/** All schedules of the program. */
@Injectable()
export class ScheduleCatalogue {
  private found: ReadonlyMap<string, Schedule> | null = null;

  constructor(
    private readonly methods: DiscoveredMethods,
    private readonly leases: ScheduleLeases,
  ) {}

  /** By name. */
  get schedules(): ReadonlyMap<string, Schedule> {
    this.found ??= this.discover();
    return this.found;
  }

  /** What each one does and how its last run went; without a state it has never had a chance to run. */
  async list(): Promise<(ScheduleDeclaration & { readonly state: ScheduleState | null })[]> {
    const states = new Map((await this.leases.states()).map((state) => [state.name, state]));
    return [...this.schedules.values()].map(({ declaration }) => ({
      ...declaration,
      state: states.get(declaration.name) ?? null,
    }));
  }

  private discover(): Map<string, Schedule> {
    const schedules = new Map<string, Schedule>();
    for (const { metadata, call } of this.methods.withMetadata<ScheduleDeclaration>(SCHEDULE_METADATA)) {
      if (schedules.has(metadata.name)) throw new Error(`Two schedules are called ${metadata.name}`);
      schedules.set(metadata.name, { declaration: metadata, call: () => call() });
    }
    return schedules;
  }
}
