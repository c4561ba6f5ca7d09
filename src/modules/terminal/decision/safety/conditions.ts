import type { SafetyCondition, SafetyEntry } from './safety-entry.js';
import { PLACES, SAFETY_LIST } from './safety-list.js';

/**
 * A condition of the safety list, prepared for being asked. Every one has the same members, also where the data leaves
 * some out: they are read for every command, and reading what is only sometimes there is slow.
 */
export interface PreparedCondition {
  readonly entry: SafetyEntry;
  readonly programs: readonly string[];
  readonly options: readonly (readonly string[])[];
  readonly operand: RegExp | undefined;
  readonly argument: RegExp | undefined;
  readonly exceptAfter: string | undefined;
  readonly among: SafetyCondition['among'];
  readonly unless: RegExp | undefined;
  readonly writes: RegExp | undefined;
  readonly reads: RegExp | undefined;
  readonly fed: RegExp | undefined;
  readonly shape: SafetyCondition['shape'];
  /** It only holds when some argument, or some file, may name a place. */
  readonly needsPlace: boolean;
  /** Which of its patterns only find something in a word that may name one. */
  readonly places: { readonly argument: boolean; readonly operand: boolean };
}

const all: readonly PreparedCondition[] = SAFETY_LIST.flatMap((entry) =>
  entry.conditions.map((condition) => prepared(entry, condition)),
);

function prepared(entry: SafetyEntry, condition: SafetyCondition): PreparedCondition {
  const { programs, options = [], operand, argument, exceptAfter, among, unless } = condition;
  const { writes, reads, fed, shape } = condition;
  return {
    entry,
    programs: programs === undefined ? [] : programs.split(' '),
    options: options.map((spellings) => spellings.toLowerCase().split(' ')),
    operand,
    argument,
    exceptAfter,
    among,
    unless,
    writes,
    reads,
    fed,
    shape,
    places: { argument: isOfPlaces(argument), operand: isOfPlaces(operand) },
    needsPlace: [operand, argument, writes, reads].some(isOfPlaces),
  };
}

function isOfPlaces(pattern: RegExp | undefined): boolean {
  return pattern !== undefined && PLACES.has(pattern);
}

/** What must not hold for a particular program. */
export function conditionsFor(program: string): readonly PreparedCondition[] {
  return all.filter(({ programs }) =>
    programs.some((known) =>
      known.endsWith('*') ? program.startsWith(known.slice(0, -1)) : known === program,
    ),
  );
}

/** What must not hold for redirections, whatever the program. */
export const conditionsOnFiles = all.filter(
  ({ writes, reads }) => writes !== undefined || reads !== undefined,
);

export function entryOfShape(shape: SafetyCondition['shape']): SafetyEntry | undefined {
  return all.find((condition) => condition.shape === shape)?.entry;
}
