import type { FactClass, FactDetail } from './fact.js';

export const IN_TRANSACTION = Symbol('reeve:in-transaction');

/**
 * The method runs whenever this fact is recorded, inside the recording transaction and awaited: what it changes
 * commits or falls with the fact. It receives the fact. A module that must not import the fact's owner names the action.
 */
export function InTransaction<Detail extends FactDetail>(
  factClass: FactClass<Detail> | string,
): MethodDecorator {
  const action = typeof factClass === 'string' ? factClass : factClass.declaration.action;
  return (_prototype, _key, descriptor: PropertyDescriptor) => {
    Reflect.defineMetadata(IN_TRANSACTION, action, descriptor.value as object);
  };
}
