import type { DocumentedOperation } from '../../src/kernel/http/index.js';

type Body = NonNullable<DocumentedOperation['requestBody']>['content'][string];

/** What the document shows as a body: one example, or several with names. */
export function examplesOf({ example, examples }: Body): unknown[] {
  if (examples === undefined) return example === undefined ? [] : [example];
  return Object.values(examples).flatMap((named) => ('value' in named ? [named.value] : []));
}
