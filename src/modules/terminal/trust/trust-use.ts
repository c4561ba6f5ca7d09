import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../../kernel/database/index.js';
import type { Fact } from '../../../kernel/events/index.js';
import type { Caller } from '../judgement/caller.js';
import { TrustUsed } from './trust.events.js';
import { TrustRepository } from './trust.repository.js';

/** Spends trust: each command that a window lets pass is one use, whichever process counts it. */
@Injectable()
export class TrustUse {
  constructor(
    private readonly trust: TrustRepository,
    private readonly changes: ChangeFeed,
  ) {}

  /** Inside the caller's transaction. The fact to be recorded with it; null when the window is over or used up. */
  async use(windowId: string, caller: Caller): Promise<Fact | null> {
    const spent = await this.trust.use(caller, windowId);
    if (spent === null) return null;
    // Nobody need try it again.
    if (spent.used === spent.maxUses) await this.changes.announce('terminal', caller.id);
    return new TrustUsed({ resourceId: windowId, detail: spent });
  }
}
