import type { Type } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';

export interface ViewClass<E, K extends keyof E> extends Type<Pick<E, K>> {
  /** Copies the listed fields and nothing else, in the order they were listed. */
  from(source: Pick<E, K>): Pick<E, K>;
}

/**
 * What of an entity a client may see: an allow-list, so that a new column stays invisible until it is listed.
 *
 * `export class RoleView extends View(Role, ['id', 'name', 'version']) {}` and then `RoleView.from(role)`.
 * Fields that are not columns are added in the subclass, with a static method of their own name that fills them.
 */
export function View<E, const K extends readonly (keyof E)[]>(
  entity: Type<E>,
  keys: K,
): ViewClass<E, K[number]> {
  const listed = [...keys] as K[number][];

  class ViewOf extends (PickType(entity, listed) as Type<object>) {
    static from(source: Pick<E, K[number]>): Pick<E, K[number]> {
      const view = {} as Pick<E, K[number]>;
      for (const key of listed) view[key] = source[key];
      return view;
    }
  }

  return ViewOf as unknown as ViewClass<E, K[number]>;
}
