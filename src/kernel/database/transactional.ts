import { Inject } from '@nestjs/common';
import { UnitOfWork } from './unit-of-work.js';

const unitOfWork = Symbol('unitOfWork');

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/**
 * Makes a method of a provider one transaction: it opens one, or joins the one that is open. See `UnitOfWork.run` for
 * when the method is run again.
 */
export function Transactional() {
  return <Method extends AsyncMethod>(
    prototype: object,
    _name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const method = descriptor.value;
    if (method === undefined) throw new Error('@Transactional belongs on a method');
    injectOnce(prototype);
    const inTransaction = function (this: { [unitOfWork]?: UnitOfWork }, ...args: never[]): Promise<unknown> {
      const work = this[unitOfWork];
      if (work === undefined) throw new Error('@Transactional works in providers that Nest has made.');
      return work.run(() => method.apply(this, args));
    };
    copyMetadata(method, inTransaction);
    descriptor.value = inTransaction as unknown as Method;
  };
}

function injectOnce(prototype: object): void {
  if (Object.hasOwn(prototype, unitOfWork)) return;
  Object.defineProperty(prototype, unitOfWork, { value: undefined, writable: true });
  Inject(UnitOfWork)(prototype, unitOfWork);
}

/** Decorators below this one have written on the method itself; what they wrote must be found on its replacement. */
function copyMetadata(from: AsyncMethod, to: object): void {
  Object.defineProperty(to, 'name', { value: from.name });
  for (const key of Reflect.getMetadataKeys(from) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
  }
}
