import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { CheckpointView } from './checkpoint.dto.js';
import { CheckpointsRepository } from './checkpoints.repository.js';

@Injectable()
export class CheckpointsService {
  constructor(
    private readonly checkpoints: CheckpointsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(query: PageQuery, { tenantId }: AccessScope): Promise<Page<CheckpointView>> {
    const binding = bindingOf('audit-checkpoints', tenantId);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.checkpoints.before(tenantId, before, query.limit + 1);
    const page = this.cursors.page(
      rows,
      query.limit,
      binding,
      ({ treeSize }) => [treeSize],
      (row) => CheckpointView.of(row),
    );
    if (query.total !== true) return page;
    return { ...page, ...totalsOf(await this.checkpoints.countUpTo(tenantId, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound while nothing has been sealed */
  async latest({ tenantId }: AccessScope): Promise<CheckpointView> {
    const latest = await this.checkpoints.latest(tenantId);
    if (latest === null) throw new NotFound('Nothing has been sealed yet.');
    return CheckpointView.of(latest);
  }
}
