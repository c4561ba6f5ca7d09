import { ApiProperty } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';

const maySkipUndefined = (_object: unknown, value: unknown): boolean => value !== undefined;
const maySkipNull = (_object: unknown, value: unknown): boolean => value !== null;

/** The field may be left out. Unlike class-validator's IsOptional it may not be null; add `@Nullable()` for that. */
export function Optional(): PropertyDecorator {
  return both(ValidateIf(maySkipUndefined), ApiProperty({ required: false }));
}

/** The field may be null, which means "none". */
export function Nullable(): PropertyDecorator {
  return both(ValidateIf(maySkipNull), ApiProperty({ nullable: true }));
}

function both(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}
