/** What becomes of an argument before the handler sees it; throws a problem for one that will not do. */
export type Check = (value: unknown) => unknown;

/** Metadata of a method: its checks by the parameter's place. */
const CHECKS = Symbol('reeve:checks');

/** The argument is what `check` makes of what Nest found for the parameter. At once: a check waits for nothing. */
export function CheckedBy(check: Check): ParameterDecorator {
  return (controller, method, index) => {
    if (method === undefined) throw new Error('Only parameters of handlers are checked.');
    const known = (Reflect.getOwnMetadata(CHECKS, controller, method) ?? new Map()) as Map<number, Check>;
    Reflect.defineMetadata(CHECKS, known.set(index, check), controller, method);
  };
}

/** @param controller the prototype of its class */
export function ownChecksOf(controller: object, method: string): ReadonlyMap<number, Check> {
  return (Reflect.getMetadata(CHECKS, controller, method) ?? new Map()) as ReadonlyMap<number, Check>;
}
