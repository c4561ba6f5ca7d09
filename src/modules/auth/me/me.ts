import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/operation/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import { ServicePrincipalsRepository } from '../service-principals/service-principals.repository.js';
import { SessionView } from '../sessions/session.view.js';
import { isSessionless } from '../sessions/sessionless.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { UsersRepository } from '../users/users.repository.js';
import { type MeView, OwnServiceView, OwnUserView } from './me.view.js';

/** What the caller is to this service. */
@Injectable()
export class Me {
  constructor(
    private readonly users: UsersRepository,
    private readonly services: ServicePrincipalsRepository,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  async of(principal: Principal): Promise<MeView> {
    const { kind, id, name, tenantId, roles, permissions, actor, credential } = principal;
    const [user, service, session] = await Promise.all([
      this.userOf(principal),
      this.serviceOf(principal),
      this.sessionOf(principal),
    ]);
    return {
      principal: { kind, id, name },
      user,
      service,
      tenantId,
      roles: [...roles],
      permissions: permissions.names(),
      departments: [],
      session,
      actor: actor && { kind: actor.kind, id: actor.id, name: actor.name },
      impersonation:
        credential.kind === 'impersonation'
          ? { id: credential.impersonationId, expiresAt: credential.expiresAt }
          : undefined,
    };
  }

  private async userOf(principal: Principal): Promise<OwnUserView | undefined> {
    if (principal.kind !== 'user') return undefined;
    const user = await this.users.byId(principal.id, principal);
    return user === null ? undefined : OwnUserView.from(user);
  }

  private async serviceOf(principal: Principal): Promise<OwnServiceView | undefined> {
    if (principal.kind !== 'service') return undefined;
    const service = await this.services.byId(principal.id, principal);
    return service === null ? undefined : OwnServiceView.from(service);
  }

  private async sessionOf({ credential }: Principal): Promise<SessionView | undefined> {
    if (credential.kind !== 'session' || isSessionless(credential)) return undefined;
    const session = await this.sessions.liveOfFamily(credential.familyId, this.clock.now());
    return session === null ? undefined : SessionView.of(session, credential.familyId);
  }
}
