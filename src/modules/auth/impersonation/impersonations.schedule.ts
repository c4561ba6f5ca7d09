import { Injectable } from '@nestjs/common';
import { Scheduled } from '../../../kernel/jobs/index.js';
import { ImpersonationEndings } from './impersonation-endings.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

const AT_ONCE = 200;

/** Puts on record what has ended by itself: whether an impersonation may still be used is judged whenever it is. */
@Injectable()
export class ImpersonationsSchedule {
  constructor(
    private readonly endings: ImpersonationEndings,
    private readonly rows: ImpersonationsRepository,
  ) {}

  @Scheduled({
    name: 'auth.impersonations',
    everySeconds: 30,
    description: 'Ends impersonations whose time is over, or whose session or right to it is gone.',
  })
  async sweep(): Promise<void> {
    while ((await this.endings.expire(AT_ONCE)) === AT_ONCE);
    await this.endUnentitled();
  }

  private async endUnentitled(): Promise<void> {
    let ids = await this.rows.live(null, AT_ONCE);
    while (ids.length > 0) {
      for (const id of ids) await this.endings.endUnlessEntitled(id);
      ids = await this.rows.live(ids[ids.length - 1], AT_ONCE);
    }
  }
}
