import { Injectable, Param, type PipeTransform } from '@nestjs/common';
import { NotFound } from '../../problem/index.js';
import { isUuid } from '../../runtime/index.js';

/** What is not an identifier names nothing, so it answers exactly like an identifier nobody has. */
@Injectable()
export class ParseId implements PipeTransform<string, string> {
  transform(value: string): string {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new NotFound();
    return id;
  }
}

/** `@PathId() id: string` for `/users/:id`; name the parameter when it is called otherwise. */
export function PathId(name = 'id'): ParameterDecorator {
  return Param(name, ParseId);
}
