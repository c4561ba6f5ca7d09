import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { isUuid } from '../../../kernel/runtime/index.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { type RoleBindingsQuery, RoleBindingView } from './role-binding.dto.js';
import type { BindingFilter } from './newest-bindings.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

const NO_ROLE = '00000000-0000-0000-0000-000000000000';

/** Looking bindings up. */
@Injectable()
export class RoleBindingsService {
  constructor(
    private readonly bindings: RoleBindingsRepository,
    private readonly roles: RolesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: RoleBindingsQuery, scope: AccessScope): Promise<Page<RoleBindingView>> {
    const { limit, total, subject, role } = query;
    const binding = bindingOf('role-bindings', scope.tenantId, { subject, role, scope: query.scope });
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const filter = await this.filterFrom(query, scope);
    const rows = await this.bindings.page(scope, filter, before, limit + 1);
    const page = this.cursors.page(
      rows,
      limit,
      binding,
      ({ id }) => [id],
      (row) => RoleBindingView.from(row),
    );
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.bindings.count(scope, filter, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async get(id: string, scope: AccessScope): Promise<RoleBindingView> {
    const binding = await this.bindings.byId(scope, id);
    if (binding === null) throw new NotFound();
    return RoleBindingView.from(binding);
  }

  private async filterFrom(
    { subject, role, scope }: RoleBindingsQuery,
    access: AccessScope,
  ): Promise<BindingFilter> {
    return {
      ...(subject === undefined ? {} : { subject: pair(subject) }),
      ...(role === undefined ? {} : { roleId: await this.roleId(role, access) }),
      ...(scope === undefined ? {} : { scope: scope === 'global' ? { kind: scope, id: null } : pair(scope) }),
    };
  }

  /** A role that is not there has no bindings. */
  private async roleId(role: string, access: AccessScope): Promise<string> {
    return isUuid(role) ? role : ((await this.roles.idOf(access, role)) ?? NO_ROLE);
  }
}

function pair(text: string): { kind: string; id: string } {
  const [kind, id] = text.split(':');
  return { kind, id };
}
