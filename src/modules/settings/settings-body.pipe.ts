import { Injectable, type PipeTransform } from '@nestjs/common';
import { type JsonValue, ValidationFailed } from '../../kernel/problem/index.js';

/** Keys are data here, not fields of a class: the store knows which there are and what they take. */
@Injectable()
export class SettingsBodyPipe implements PipeTransform<unknown, Readonly<Record<string, JsonValue>>> {
  transform(body: unknown): Readonly<Record<string, JsonValue>> {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new ValidationFailed([
        { in: 'body', pointer: '', code: 'object', message: 'The body must be a JSON object.' },
      ]);
    return body as Record<string, JsonValue>;
  }
}
