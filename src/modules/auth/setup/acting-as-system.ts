import {
  currentOperation,
  type Operation,
  type Principal,
  runInOperation,
  systemPrincipal,
} from '../../../kernel/operation/index.js';

/**
 * Runs the work in the present transaction, but in the name of the service itself: for what follows by rule from a use
 * case that was allowed, such as the role of the first administrator.
 */
export function actingAsSystem<T>(part: string, tenantId: string, work: () => Promise<T>): Promise<T> {
  return actingAs(systemPrincipal(part, tenantId), work);
}

/** The same in the name of somebody else. */
export function actingAs<T>(principal: Principal, work: () => Promise<T>): Promise<T> {
  const property = { value: principal, enumerable: true, writable: true };
  return runInOperation(Object.create(currentOperation(), { principal: property }) as Operation, work);
}
