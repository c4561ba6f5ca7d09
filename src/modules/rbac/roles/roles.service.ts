import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { RoleView, type RolesQuery } from './role.dto.js';
import { RolesRepository } from './roles.repository.js';

@Injectable()
export class RolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: RolesQuery, scope: AccessScope): Promise<Page<RoleView>> {
    const binding = bindingOf('roles', scope.tenantId);
    const [after = ''] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.roles.page(scope, after, query.limit);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      ({ name }) => [name],
      (role) => RoleView.from(role),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.roles.countUpTo(scope, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async get(id: string, scope: AccessScope): Promise<RoleView> {
    const role = await this.roles.byId(scope, id);
    if (role === null) throw new NotFound();
    return RoleView.from(role);
  }
}
