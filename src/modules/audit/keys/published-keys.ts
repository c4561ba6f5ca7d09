import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { bindingOf, Cursors, type Page, type PageQuery, totalsOf } from '../../../kernel/http/index.js';
import { readNote } from '../checkpoints/checkpoint-note.js';
import { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import { AuditKeyView } from './audit-key.dto.js';
import { AuditKeysRepository } from './audit-keys.repository.js';

@Injectable()
export class PublishedKeys {
  constructor(
    private readonly keys: AuditKeysRepository,
    private readonly checkpoints: CheckpointsRepository,
    private readonly cursors: Cursors,
  ) {}

  /** There are few: they are read whole, because the order is that of their chain. */
  async page(query: PageQuery, { tenantId }: AccessScope): Promise<Page<AuditKeyView>> {
    const binding = bindingOf('audit-keys', tenantId);
    const [passed = 0] = (this.cursors.positionOf(query, binding) ?? []) as number[];
    const chain = await this.keys.chain();
    const origin = await this.originOf(tenantId);
    const page = this.cursors.page(
      chain.slice(passed, passed + query.limit + 1),
      query.limit,
      binding,
      () => [passed + query.limit],
      (key) => AuditKeyView.of(key, origin),
    );
    return query.total === true ? { ...page, ...totalsOf(chain.length) } : page;
  }

  private async originOf(tenantId: string): Promise<string | null> {
    const latest = await this.checkpoints.latest(tenantId);
    return readNote(latest?.note ?? '')?.origin ?? null;
  }
}
