import { CheckedParam } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { MEMBER_KINDS } from './group-member.entity.js';

/** A kind of principal in a path; what is none is in no group. */
export function PathMemberKind(): ParameterDecorator {
  return CheckedParam('kind', (value) => {
    const kind = MEMBER_KINDS.find((known) => known === value);
    if (kind === undefined) throw new NotFound();
    return kind;
  });
}
