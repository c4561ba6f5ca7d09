import { AsyncLocalStorage } from 'node:async_hooks';
import type { Principal } from './principal.js';
import type { Transaction } from './transaction.js';

/** Who is doing what: travels with the asynchronous work of one request, job, schedule or start. */
export interface Operation {
  readonly requestId: string;
  readonly kind: 'http' | 'job' | 'schedule' | 'boot';
  /** Null until somebody has been recognised, and for good on public routes. */
  principal: Principal | null;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  /** The open transaction that everything in here joins. */
  readonly transaction: Transaction | null;
  /**
   * Asked first inside each transaction of the operation. Throws when the operation has lost the right to write,
   * because another process has taken its job over.
   */
  readonly admit?: () => Promise<void>;
}

const storage = new AsyncLocalStorage<Operation>();

/** @throws Error outside an operation, which is a mistake of the program. */
export function currentOperation(): Operation {
  const operation = storage.getStore();
  if (operation === undefined) throw new Error('There is no operation here: start one with runInOperation.');
  return operation;
}

export function operationOrNull(): Operation | null {
  return storage.getStore() ?? null;
}

export function runInOperation<T>(operation: Operation, work: () => T): T {
  return storage.run(operation, work);
}

/**
 * For work that an operation only gives the occasion for. What it starts, timers above all, would otherwise keep the
 * operation and its transaction long after they are over.
 */
export function outsideOperations<T>(work: () => T): T {
  return storage.exit(work);
}

/**
 * The same operation seen from inside a transaction. It reads through to the outer one, so a principal that is
 * recognised later is seen in here as well.
 */
export function withinTransaction(operation: Operation, transaction: Transaction): Operation {
  return Object.create(operation, { transaction: { value: transaction, enumerable: true } }) as Operation;
}

/** The operation of something that no client asked for. */
export function systemOperation(
  kind: 'job' | 'schedule' | 'boot',
  requestId: string,
  principal: Principal,
  admit?: () => Promise<void>,
): Operation {
  return { requestId, kind, principal, clientIp: null, userAgent: null, transaction: null, admit };
}
