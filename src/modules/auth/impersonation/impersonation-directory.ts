import { Injectable } from '@nestjs/common';
import type { AccessScope, TenantScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, totalsOf } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { type ImpersonationsQuery, ImpersonationView } from './impersonation.dto.js';
import { expectImpersonator } from './impersonation.permissions.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

/** Looking up who acted as whom, and why. */
@Injectable()
export class ImpersonationDirectory {
  constructor(
    private readonly rows: ImpersonationsRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
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

  /**
   * The one that the request was made with, or the newest that was started from the caller's session and is live.
   *
   * @throws Forbidden, and NotFound when there is none
   */
  async current(principal: Principal): Promise<ImpersonationView> {
    expectImpersonator(principal);
    const { credential } = principal;
    if (credential.kind === 'impersonation') return this.view(credential.impersonationId, principal);
    const row =
      credential.kind === 'session'
        ? await this.rows.newestOfSession(credential.familyId, this.clock.now())
        : null;
    if (row === null) throw new NotFound('Nobody is being acted as from here.');
    return ImpersonationView.of(row);
  }

  /** @throws NotFound */
  async view(id: string, scope: TenantScope): Promise<ImpersonationView> {
    const row = await this.rows.byId(id, scope);
    if (row === null) throw new NotFound();
    return ImpersonationView.of(row);
  }
}
