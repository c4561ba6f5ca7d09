import type { SafetyCondition, SafetyEntry } from './safety-entry.js';
import { SAFETY_LIST } from './safety-list.js';

/** A condition of the safety list, prepared for being asked. */
export interface PreparedCondition {
  readonly entry: SafetyEntry;
  readonly condition: SafetyCondition;
  readonly options: readonly (readonly string[])[];
}

const all: readonly PreparedCondition[] = SAFETY_LIST.flatMap((entry) =>
  entry.conditions.map((condition) => ({
    entry,
    condition,
    options: (condition.options ?? []).map((spellings) => spellings.toLowerCase().split(' ')),
  })),
);

/** What must not hold for a particular program. */
export function conditionsFor(program: string): readonly PreparedCondition[] {
  return all.filter(({ condition: { programs } }) =>
    programs
      ?.split(' ')
      .some((known) => (known.endsWith('*') ? program.startsWith(known.slice(0, -1)) : known === program)),
  );
}

/** What must not hold for redirections, whatever the program. */
export const conditionsOnFiles = all.filter(
  ({ condition: { writes, reads } }) => writes !== undefined || reads !== undefined,
);

export function entryOfShape(shape: SafetyCondition['shape']): SafetyEntry | undefined {
  return all.find(({ condition }) => condition.shape === shape)?.entry;
}
