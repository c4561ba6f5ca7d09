import { Injectable } from '@nestjs/common';
import { type AccessScope, Policy } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, TOTAL_CAP, totalsOf } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { canonicalLogin } from '../passwords/canonical-login.js';
import type { User } from './user.entity.js';
import type { UsersQuery } from './user.dto.js';
import { UserView } from './user.view.js';
import { type UserFilter, UsersRepository } from './users.repository.js';

const NO_ROLES: readonly string[] = ['member'];

/** Looking users up. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly users: UsersRepository,
    private readonly policy: Policy,
    private readonly cursors: Cursors,
  ) {}

  async page(query: UsersQuery, scope: AccessScope): Promise<Page<UserView>> {
    const { limit, total, isActive, deleted } = query;
    const login = query.login === undefined ? undefined : canonicalLogin(query.login);
    const filter: UserFilter = { login, isActive, deleted };
    const binding = bindingOf('users', scope.tenantId, filter);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const users = await this.users.page(scope, filter, before, limit + 1);
    const roles = await this.policy.rolesOf(users.map((user) => user.id));
    const toView = (user: User) => UserView.of(user, roles.get(user.id) ?? NO_ROLES);
    const page = this.cursors.page(users, limit, binding, (user) => [user.id], toView);
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.users.count(scope, filter, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async view(id: string, scope: AccessScope): Promise<UserView> {
    const user = await this.users.byId(id, scope);
    if (user === null) throw new NotFound();
    // Remembered rights name the same roles and spare a query; they are dropped when a binding changes.
    const subject = { kind: 'user' as const, id: user.id, tenantId: user.tenantId };
    const { ownRoles } = this.policy.peekRights(subject) ?? (await this.policy.rightsOf(subject));
    return UserView.of(user, ownRoles);
  }

  /** With the roles as the transaction at hand sees them. */
  async viewOf(user: User): Promise<UserView> {
    const roles = await this.policy.rolesOf([user.id]);
    return UserView.of(user, roles.get(user.id) ?? NO_ROLES);
  }
}
