import { Injectable, type PipeTransform } from '@nestjs/common';
import { NotFound } from '../../../kernel/problem/index.js';
import { MEMBER_KINDS } from './group-member.entity.js';

type Kind = (typeof MEMBER_KINDS)[number];

/** A kind of principal in a path; what is none is in no group. */
@Injectable()
export class MemberKind implements PipeTransform<string, Kind> {
  transform(value: string): Kind {
    const kind = MEMBER_KINDS.find((known) => known === value);
    if (kind === undefined) throw new NotFound();
    return kind;
  }
}
