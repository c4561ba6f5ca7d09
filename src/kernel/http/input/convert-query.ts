import { Transform } from 'class-transformer';

/** For query strings: `true` and `false` become booleans; anything else stays and is refused by `@Flag()`. */
export function ConvertFlag(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}

const DIGITS = /^-?\d+$/;

/** For query strings: digits become a number; `1e3`, `0x10` and nothing at all stay and are refused by `@WholeNumber()`. */
export function ConvertNumber(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && DIGITS.test(value) ? Number(value) : value,
  );
}
