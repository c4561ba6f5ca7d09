export type { JsonValue } from './json-value.js';
export {
  Problem,
  problem,
  problemCatalogue,
  type FieldError,
  type ProblemClass,
  type ProblemExtras,
  type ProblemType,
} from './problem.js';
export * from './common.js';
