import { Transform } from 'class-transformer';

/** For query strings: `true` and `false` become booleans; anything else stays and is refused by `@Flag()`. */
export function ConvertFlag(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}
