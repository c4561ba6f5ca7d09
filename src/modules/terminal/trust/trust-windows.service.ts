import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, ValidationFailed } from '../../../kernel/problem/index.js';
import { Clock, Ids, secondsAfter } from '../../../kernel/runtime/index.js';
import { SettingsStore } from '../../../kernel/settings/index.js';
import { CommandsRepository } from '../commands/commands.repository.js';
import { faultsOfRule } from '../decision/index.js';
import { requireRole, requireSelf } from '../approvals/eligibility.js';
import { OwnRequest, VoterNotEligible } from '../terminal.errors.js';
import { approvalsRequired, approvalsRequiredRoles, delegatorMayApprove } from '../terminal.settings.js';
import { type GrantTrust, TrustWindowView } from './trust.dto.js';
import { TrustGranted, TrustRevoked } from './trust.events.js';
import { TrustRepository } from './trust.repository.js';
import type { TrustWindow } from './trust-window.entity.js';

/** Approvers say "that, for the next half hour" instead of the same yes forty times. */
@Injectable()
export class TrustWindowsService {
  constructor(
    private readonly trust: TrustRepository,
    private readonly commands: CommandsRepository,
    private readonly settings: SettingsStore,
    private readonly cursors: Cursors,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async page(query: PageQuery, scope: TenantScope): Promise<Page<TrustWindowView>> {
    const binding = bindingOf('trust-windows', scope.tenantId);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const windows = await this.trust.page(scope, before, query.limit + 1);
    const page = this.cursors.page(
      windows,
      query.limit,
      binding,
      ({ id }) => [id],
      (window) => TrustWindowView.of(window),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.trust.countUpTo(scope, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async view(id: string, scope: TenantScope): Promise<TrustWindowView> {
    const window = await this.trust.byId(scope, id);
    if (window === null) throw new NotFound();
    return TrustWindowView.of(window);
  }

  /**
   * @throws ValidationFailed for a pattern that is none, and unless exactly one of pattern and command is given
   * @throws OwnRequest for trust in oneself, or in an agent of one's own
   * @throws VoterNotEligible for one who could not approve such a command alone
   */
  @Transactional()
  async grant(wish: GrantTrust, granter: Principal): Promise<TrustWindowView> {
    const { principal, gatewayId = null, maxUses, reason = null } = wish;
    await this.requireApprovesAlone(granter);
    if (principal.id === granter.id) throw new OwnRequest('Nobody vouches for themselves.');
    const now = this.clock.now();
    const window: TrustWindow = {
      id: this.ids.next(),
      tenantId: granter.tenantId,
      principalKind: principal.kind,
      principalId: principal.id,
      ...(await this.whatIsTrusted(wish, granter)),
      gatewayId,
      reason,
      grantedBy: granter.id,
      grantedByName: granter.name,
      createdAt: now,
      expiresAt: secondsAfter(now, wish.expiresInSeconds),
      revokedAt: null,
      maxUses,
      used: 0,
    };
    await this.trust.add(window);
    const { pattern, digest, expiresAt } = window;
    await this.events.record(
      new TrustGranted({
        resourceId: window.id,
        gatewayId: gatewayId ?? undefined,
        detail: {
          principal: `${principal.kind}:${principal.id}`,
          ...{ pattern, digest, maxUses },
          expiresAt: expiresAt.toISOString(),
        },
      }),
    );
    await this.changes.announce('terminal', principal.id);
    return TrustWindowView.of(window);
  }

  /** @throws NotFound when there is none, or it was taken back before */
  @Transactional()
  async revoke(id: string, scope: TenantScope): Promise<void> {
    const revoked = await this.trust.revoke(scope, id);
    if (revoked === null) throw new NotFound();
    await this.events.record(new TrustRevoked({ resourceId: id, detail: {} }));
    await this.changes.announce('terminal', revoked.principalId);
  }

  /** Trust is as many approvals by one person; where that person's vote would not do, their trust does not. */
  private async requireApprovesAlone(granter: Principal): Promise<void> {
    requireSelf(granter);
    const { tenantId } = granter;
    const needed = await this.settings.get(tenantId, approvalsRequired);
    if (needed > 1)
      throw new VoterNotEligible(`Here ${needed} people agree to each command; one cannot vouch alone.`);
    requireRole(await this.settings.get(tenantId, approvalsRequiredRoles), granter);
  }

  private async whatIsTrusted(
    { pattern, commandId, principal }: GrantTrust,
    granter: Principal,
  ): Promise<Pick<TrustWindow, 'pattern' | 'digest'>> {
    if ((pattern === undefined) === (commandId === undefined))
      throw refused('pattern', 'one_form', 'Give either `pattern` or `commandId`.');
    if (pattern !== undefined) {
      const [fault] = faultsOfRule('allow', { pattern }, {});
      if (fault !== undefined) throw refused('pattern', 'rule_pattern', fault.message);
      return { pattern, digest: null };
    }
    const command = await this.commands.byId(granter, commandId ?? '');
    if (command === null || command.principalId !== principal.id)
      throw refused('commandId', 'unknown_command', 'The principal has not asked for such a command.');
    const mayApprove = await this.settings.get(granter.tenantId, delegatorMayApprove);
    if (command.delegatorId === granter.id && !mayApprove) throw new OwnRequest();
    return { pattern: null, digest: command.digest };
  }
}

function refused(field: string, code: string, message: string): ValidationFailed {
  return new ValidationFailed([{ in: 'body', pointer: `/${field}`, code, message }]);
}
