import { Injectable } from '@nestjs/common';
import { SettingsStore } from '../../../kernel/settings/index.js';
import type { Caller } from '../judgement/caller.js';
import { approvalsRequired, delegatorMayApprove } from '../terminal.settings.js';
import { TrustRepository } from './trust.repository.js';
import type { TrustWindow } from './trust-window.entity.js';

/** Trust that counts now. One person grants it, so it counts only where one person, and that one, could approve as well. */
@Injectable()
export class OpenTrust {
  constructor(
    private readonly trust: TrustRepository,
    private readonly settings: SettingsStore,
  ) {}

  async in({ tenantId, id, delegatorId }: Caller): Promise<TrustWindow[]> {
    const open = await this.trust.openFor(tenantId, id);
    if (open.length === 0) return open;
    if ((await this.settings.get(tenantId, approvalsRequired)) > 1) return [];
    if (delegatorId === null || (await this.settings.get(tenantId, delegatorMayApprove))) return open;
    return open.filter(({ grantedBy }) => grantedBy !== delegatorId);
  }
}
