import { Injectable } from '@nestjs/common';
import { Policy, type Rights, type Subject } from '../../kernel/access/index.js';
import { ChangeFeed, TaggedCache } from '../../kernel/database/index.js';
import { ServiceUnavailable } from '../../kernel/problem/index.js';
import { Clock } from '../../kernel/runtime/index.js';
import { LastAdminGuard } from './bindings/last-admin-guard.js';
import { rightsFrom } from './bindings/rights.js';
import { RoleAssignment } from './bindings/role-assignment.js';
import { RoleBindingsRepository } from './bindings/role-bindings.repository.js';

const MOST_SUBJECTS = 50_000;

interface KnownRights {
  readonly subject: Subject;
  readonly rights: Rights;
}

/** Answers who may do what from roles and bindings, remembered per principal. */
@Injectable()
export class RbacPolicy extends Policy {
  private readonly known: TaggedCache<string, KnownRights>;

  constructor(
    feed: ChangeFeed,
    private readonly bindings: RoleBindingsRepository,
    private readonly assignment: RoleAssignment,
    private readonly lastAdmin: LastAdminGuard,
    private readonly clock: Clock,
  ) {
    super();
    this.known = new TaggedCache(feed, {
      max: MOST_SUBJECTS,
      tagsOf: ({ subject }) => [`${subject.kind}:${subject.id}`, `policy:${subject.tenantId}`],
    });
  }

  override peekRights(subject: Subject): Rights | undefined {
    const known = this.known.peek(subject.id);
    return known !== undefined && this.answers(known, subject) ? known.rights : undefined;
  }

  override async rightsOf(subject: Subject): Promise<Rights> {
    const known = this.known.peek(subject.id);
    if (known !== undefined && !this.answers(known, subject)) this.known.forget(subject.id);
    const { rights } = await this.known.get(subject.id, () => this.load(subject));
    return rights;
  }

  override async rightsNow(subject: Subject): Promise<Rights> {
    return (await this.load(subject)).rights;
  }

  override assignRoles(userId: string, roleNames: readonly string[]): Promise<void> {
    return this.assignment.assign(userId, roleNames);
  }

  override async rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const bound = await this.bindings.globalRolesOf(userIds, this.clock.now());
    return new Map(
      [...bound].map(([id, roles]) => [id, [...roles.filter((role) => role !== 'member'), 'member']]),
    );
  }

  override guardLastAdmin(tenantId: string, leavingUserId: string): Promise<void> {
    return this.lastAdmin.guard(tenantId, leavingUserId);
  }

  /** Not any more when a binding has ended since. */
  private answers(known: KnownRights, { kind, tenantId }: Subject): boolean {
    const isSame = known.subject.kind === kind && known.subject.tenantId === tenantId;
    return isSame && this.clock.nowMs() < known.rights.validUntilMs;
  }

  private async load(subject: Subject): Promise<KnownRights> {
    const { baseline, bound } = await this.bindings.reaching(subject, this.clock.now());
    if (baseline === null) throw new ServiceUnavailable('The roles of the tenant are not there yet.');
    const { kind, id, tenantId } = subject;
    return { subject: { kind, id, tenantId }, rights: rightsFrom(baseline, bound) };
  }
}
