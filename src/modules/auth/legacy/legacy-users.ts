import { Injectable } from '@nestjs/common';
import type { Subject } from '../../../kernel/access/index.js';
import { ChangeFeed, TaggedCache } from '../../../kernel/database/index.js';
import { Unauthorized } from '../../../kernel/problem/index.js';
import { isUuid } from '../../../kernel/runtime/index.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import { LegacyUsersRepository } from './legacy-users.repository.js';

const MOST_USERS = 10_000;

export interface LegacyUser {
  readonly name: string;
  readonly subject: Subject;
  /** Seconds since 1970; tokens made before are refused. */
  readonly tokensFrom: number;
}

/** The users that tokens of the former system name, as long as they may use the service. */
@Injectable()
export class LegacyUsers {
  private readonly known: TaggedCache<string, LegacyUser>;

  constructor(
    private readonly users: LegacyUsersRepository,
    feed: ChangeFeed,
  ) {
    this.known = new TaggedCache(feed, {
      max: MOST_USERS,
      tagsOf: ({ subject }) => [`user:${subject.id}`, `tenant:${subject.tenantId}`],
    });
  }

  peek(sub: string): LegacyUser | undefined {
    return this.known.peek(sub);
  }

  /** @param sub id or name of a user. @throws Unauthorized when there is no such user, or not any more */
  get(sub: string): Promise<LegacyUser> {
    return this.known.get(sub, () => this.load(sub));
  }

  private async load(sub: string): Promise<LegacyUser> {
    const user = await (isUuid(sub) ? this.users.byId(sub) : this.users.byName(canonicalLogin(sub)));
    // Who has no way to sign in yet never got a token there: such a user only has the name of one who did.
    if (user === null || (user.passwordHash === null && user.oidcSub === null)) throw new Unauthorized();
    const { id, tenantId, username, passwordChangedAt, createdAt } = user;
    const tokensFrom = Math.ceil((passwordChangedAt ?? createdAt).getTime() / 1000);
    return { name: username, subject: { kind: 'user', id, tenantId }, tokensFrom };
  }
}
