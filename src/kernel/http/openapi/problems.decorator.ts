import type { ProblemClass } from '../../problem/index.js';

const PROBLEMS = Symbol('reeve:problems');

/** The refusals that are the route's own; those that every route can give are added to the document by themselves. */
export function Problems(...problems: readonly { readonly type: ProblemClass['type'] }[]): MethodDecorator {
  return (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value as object;
    Reflect.defineMetadata(
      PROBLEMS,
      [...declaredProblems(handler), ...problems.map(({ type }) => type)],
      handler,
    );
  };
}

export function declaredProblems(handler: object): readonly ProblemClass['type'][] {
  return (Reflect.getMetadata(PROBLEMS, handler) as ProblemClass['type'][] | undefined) ?? [];
}
