import {
  currentOperation,
  type Operation,
  runInOperation,
  systemPrincipal,
} from '../../../kernel/operation/index.js';

/**
 * Runs the work in the present transaction, but in the name of the service itself: for what follows by rule from a use
 * case that was allowed, such as the role of the first administrator.
 */
export function actingAsSystem<T>(part: string, tenantId: string, work: () => Promise<T>): Promise<T> {
  const principal = { value: systemPrincipal(part, tenantId), enumerable: true, writable: true };
  return runInOperation(Object.create(currentOperation(), { principal }) as Operation, work);
}
