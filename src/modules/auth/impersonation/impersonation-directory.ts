import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { type ImpersonationsQuery, ImpersonationView } from './impersonation.dto.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

/** Looking up who acted as whom, and why. */
@Injectable()
export class ImpersonationDirectory {
  constructor(
    private readonly rows: ImpersonationsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: ImpersonationsQuery, scope: AccessScope): Promise<Page<ImpersonationView>> {
    const { limit, total, userId, actorId } = query;
    const filter = { userId, actorId };
    const binding = bindingOf('impersonations', scope.tenantId, filter);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.rows.page(scope, filter, before, limit);
    const page = this.cursors.page(
      rows,
      limit,
      binding,
      ({ id }) => [id],
      (row) => ImpersonationView.of(row),
    );
    return total === true ? { ...page, ...totalsOf(await this.rows.count(scope, filter)) } : page;
  }

  /** @throws NotFound */
  async view(id: string, scope: AccessScope): Promise<ImpersonationView> {
    const row = await this.rows.byId(id, scope);
    if (row === null) throw new NotFound();
    return ImpersonationView.of(row);
  }
}
