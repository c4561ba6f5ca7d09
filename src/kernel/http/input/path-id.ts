import { Param } from '@nestjs/common';
import { NotFound } from '../../problem/index.js';
import { isUuid } from '../../runtime/index.js';
import { CheckedBy } from './checked-by.js';

/** `@PathId() id: string` for `/users/:id`; name the parameter when it is called otherwise. */
export function PathId(name = 'id'): ParameterDecorator {
  return CheckedParam(name, idOf);
}

/** A part of the path that goes through a check. */
export function CheckedParam(name: string, check: (value: string) => unknown): ParameterDecorator {
  const decorators = [Param(name), CheckedBy((value) => check(value as string))];
  return (...parameter) => {
    for (const decorate of decorators) decorate(...parameter);
  };
}

/** What is not an identifier names nothing, so it answers exactly like an identifier nobody has. */
function idOf(value: string): string {
  const id = value.toLowerCase();
  if (!isUuid(id)) throw new NotFound();
  return id;
}
