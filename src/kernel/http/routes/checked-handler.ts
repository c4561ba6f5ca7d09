import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { type Check, ownChecksOf } from '../input/checked-by.js';
import { isDto, type Place, strictlyValidated } from '../input/strict-validation.js';
import type { Handler } from './handler.js';

/** What happens to one of the arguments. */
export interface ArgumentCheck {
  readonly index: number;
  readonly check: Check;
}

/** Where Nest takes what is validated by its class from. */
const PLACES: Readonly<Record<number, Place>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
};

/**
 * The checks of a route's arguments: bodies and queries by the rules of their classes first, then what the parameters
 * ask for themselves, such as identifiers.
 *
 * @param controller the class
 * @throws Error for a body or a query that nothing would check, such as one whose type is an interface or `Readonly<…>`:
 *   of those nothing is left at run time
 */
export function argumentChecksOf(
  controller: { readonly name: string; readonly prototype: object },
  name: string,
): ArgumentCheck[] {
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, name) as unknown[] | undefined;
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { readonly index: number }
  >;
  const own = ownChecksOf(controller.prototype, name);
  const byClass = Object.entries(parameters).flatMap(([key, { index }]) => {
    const place = PLACES[Number(key.split(':')[0])];
    if (place === undefined) return [];
    const type = types?.[index];
    if (isDto(type)) return [{ index, check: (value: unknown) => strictlyValidated(type, value, place) }];
    if (own.has(index)) return [];
    throw new Error(
      `${controller.name}.${name} takes the ${place} as parameter ${index + 1}, and nothing would check it: ` +
        'its type must be a class with rules, or @CheckedBy(…) must say how.',
    );
  });
  return [...byClass, ...[...own].map(([index, check]) => ({ index, check }))];
}

/**
 * A handler whose arguments are checked before it is called. Pipes would be the framework's way, and each would cost a
 * request some ten promises, though nothing is waited for: more than a short request has otherwise.
 */
export function checkedHandler(handler: Handler, checks: readonly ArgumentCheck[]): Handler {
  return function (this: unknown, ...args: unknown[]): unknown {
    for (const { index, check } of checks) args[index] = check(args[index]);
    return handler.apply(this, args);
  };
}
