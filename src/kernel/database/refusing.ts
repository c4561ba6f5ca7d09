import type { Problem } from '../problem/index.js';
import { violatedConstraint } from './database-error.js';

/**
 * Turns the violation of a named constraint into the refusal it means: there is no check before the insert that
 * another replica could slip past.
 *
 * @param rules by the name of the constraint or unique index
 */
export async function refusing<T>(
  work: Promise<T>,
  rules: Readonly<Record<string, () => Problem>>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint !== null && Object.hasOwn(rules, constraint)) throw rules[constraint]();
    throw error;
  }
}
