import { Injectable } from '@nestjs/common';
import { Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { SessionDirectory } from './session-directory.js';
import { UserLoggedOut } from './sessions.events.js';
import { SessionsRepository } from './sessions.repository.js';
import { Sessions } from './sessions.js';

/** Ending sessions at somebody's wish. */
@Injectable()
export class SessionEndings {
  constructor(
    private readonly sessions: Sessions,
    private readonly rows: SessionsRepository,
    private readonly directory: SessionDirectory,
    private readonly events: EventLog,
  ) {}

  /** Ends the session that the request was made with. */
  @Transactional()
  async logOut({ id, credential }: Principal): Promise<void> {
    if (credential.kind !== 'session') return;
    const ended = await this.sessions.revokeFamily(id, credential.familyId, 'logout');
    await this.recordLogout(id, ended ? 1 : 0);
  }

  /** Ends all sessions of the user, the present one too. */
  @Transactional()
  async logOutEverywhere({ id }: Principal): Promise<void> {
    await this.recordLogout(id, await this.sessions.revokeAllOf(id, 'logout'));
  }

  /**
   * Ends one of the principal's own sessions.
   *
   * @param sessionId any row of it, the ids of earlier refreshes too
   * @throws NotFound when it is somebody else's, has ended, or never was: alike
   */
  @Transactional()
  async end(sessionId: string, { id, tenantId }: Principal): Promise<void> {
    const familyId = await this.rows.familyOf(sessionId, id, tenantId);
    const ended = familyId !== null && (await this.sessions.revokeFamily(id, familyId, 'user_terminated'));
    if (!ended) throw new NotFound();
  }

  /** Ends all sessions of a user on an administrator's order. @throws NotFound */
  @Transactional()
  async endAllOf(userId: string, administrator: Principal): Promise<void> {
    await this.directory.expectUser(userId, administrator);
    await this.sessions.revokeAllOf(userId, 'admin_revoked');
  }

  private async recordLogout(userId: string, sessions: number): Promise<void> {
    await this.events.record(new UserLoggedOut({ resourceId: userId, detail: { sessions } }));
  }
}
