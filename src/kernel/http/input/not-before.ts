import { ValidateBy, type ValidationArguments } from 'class-validator';

/**
 * The instant may not lie before that of another field: such a period has nothing in it, and an empty list would look
 * like an answer. Says nothing about what is no instant, which the decorator of the field itself refuses.
 */
export function NotBefore(other: string): PropertyDecorator {
  return ValidateBy({
    name: 'period',
    validator: {
      validate(value: unknown, args?: ValidationArguments) {
        const [begin, end] = [instantOf((args?.object as Record<string, unknown>)[other]), instantOf(value)];
        return !(end < begin);
      },
      defaultMessage: ({ property } = {} as ValidationArguments) =>
        `${property} must not be before ${other}.`,
    },
  });
}

/** Not a number for what is none, which is neither before nor after anything. */
function instantOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}
