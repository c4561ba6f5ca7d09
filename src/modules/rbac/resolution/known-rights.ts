import { Injectable } from '@nestjs/common';
import type { Rights, Subject } from '../../../kernel/access/index.js';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { rightsFrom } from './compile.js';
import type { Reach } from './reach.js';
import { ReachRepository } from './reach.repository.js';

const MOST_SUBJECTS = 50_000;

export interface Known {
  readonly subject: Subject;
  readonly reach: Reach;
  readonly rights: Rights;
}

/** What is known of principals: compiled when first asked for, dropped when anything of it changes or ends. */
@Injectable()
export class KnownRights {
  private readonly known: TaggedCache<string, Known>;

  constructor(
    feed: ChangeFeed,
    private readonly reaches: ReachRepository,
    private readonly clock: Clock,
  ) {
    this.known = new TaggedCache(feed, { max: MOST_SUBJECTS, tagsOf });
  }

  /** Undefined unless it is in memory and can be trusted at this moment. */
  peek(subject: Subject): Known | undefined {
    const known = this.known.peek(subject.id);
    return known !== undefined && this.answers(known, subject) ? known : undefined;
  }

  of(subject: Subject): Promise<Known> {
    const known = this.known.peek(subject.id);
    if (known !== undefined && !this.answers(known, subject)) this.known.forget(subject.id);
    return this.known.get(subject.id, () => this.now(subject));
  }

  /** As the transaction at hand sees it. */
  async now({ kind, id, tenantId }: Subject): Promise<Known> {
    const subject: Subject = { kind, id, tenantId };
    const now = this.clock.now();
    const reach = await this.reaches.of(subject, now);
    return { subject, reach, rights: rightsFrom(reach, now.getTime()) };
  }

  /** Not any more when a binding has ended since. */
  private answers({ subject, rights }: Known, { kind, tenantId }: Subject): boolean {
    const isSame = subject.kind === kind && subject.tenantId === tenantId;
    return isSame && this.clock.nowMs() < rights.validUntilMs;
  }
}

function tagsOf({ subject, reach }: Known): string[] {
  const { bindings, groupIds, departments } = reach;
  return [
    `${subject.kind}:${subject.id}`,
    `policy:${subject.tenantId}`,
    ...groupIds.map((id) => `group:${id}`),
    ...new Set(bindings.map(({ role }) => `role:${role.id}`)),
    ...(departments ?? []).map(({ departmentId }) => `department:${departmentId}`),
  ];
}
