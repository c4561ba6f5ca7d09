import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/operation/index.js';
import { bindingOf, Cursors, type Page, type PageQuery, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { UsersRepository } from '../users/users.repository.js';
import { SessionView } from './session.view.js';
import { type SessionFilter, SessionsRepository } from './sessions.repository.js';

/** Looking live sessions up. */
@Injectable()
export class SessionDirectory {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  async page(query: PageQuery, filter: SessionFilter, reader: Principal): Promise<Page<SessionView>> {
    const binding = bindingOf('sessions', filter.tenantId, filter);
    const [after = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const now = this.clock.now();
    const rows = await this.sessions.page(filter, now, after, query.limit);
    const current = familyOf(reader);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      ({ id }) => [id],
      (row) => SessionView.of(row, current),
    );
    return query.total === true ? { ...page, ...totalsOf(await this.sessions.count(filter, now)) } : page;
  }

  /** @throws NotFound when the reader's tenant has no such user */
  async pageOfUser(userId: string, query: PageQuery, reader: Principal): Promise<Page<SessionView>> {
    await this.expectUser(userId, reader);
    return this.page(query, { tenantId: reader.tenantId, userId }, reader);
  }

  /** @throws NotFound */
  async expectUser(userId: string, { tenantId }: Principal): Promise<void> {
    if ((await this.users.byIdEvenDeleted(userId, { tenantId })) === null) throw new NotFound();
  }
}

function familyOf({ credential }: Principal): string | null {
  return credential.kind === 'session' ? credential.familyId : null;
}
