import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { LAST_ID } from '../../../kernel/runtime/index.js';
import { uniqueBlockPattern } from './rule.errors.js';
import { type OwnerScope, type RuleEffect, TerminalRule } from './terminal-rule.entity.js';

const COLUMNS = columnsOf(TerminalRule);

/** Whose rules a list or a change is about. */
export interface RuleOwner extends TenantScope {
  readonly ownerScope: OwnerScope;
  /** Null for everybody. */
  readonly ownerId: string | null;
}

const OF_OWNER = `SELECT ${COLUMNS} FROM terminal_rules
  WHERE tenant_id = $1 AND effect = $2 AND owner_scope = $3 AND owner_id IS NOT DISTINCT FROM $4`;

/** What blocks a person blocks the agents that act for them; what is allowed to the person is not yet allowed to the agent. */
const reaching = statement<TerminalRule>(
  'terminal_rules_reaching',
  `SELECT ${COLUMNS} FROM terminal_rules
    WHERE tenant_id = $1 AND (expires_at IS NULL OR expires_at > clock_timestamp())
      AND (owner_scope = 'global'
        OR owner_scope = 'user' AND (owner_id = $2 OR effect = 'block' AND owner_id = $3)
        OR owner_scope = 'gateway' AND owner_id = $4)
    ORDER BY id`,
);
const page = statement<TerminalRule>(
  'terminal_rules_page',
  `${OF_OWNER} AND id < $5 ORDER BY id DESC LIMIT $6`,
);
const count = statement<{ count: number }>(
  'terminal_rules_count',
  `SELECT count(*)::integer AS count FROM (${OF_OWNER} LIMIT $5) AS counted`,
);
const byId = statement<TerminalRule>(
  'terminal_rule_by_id',
  `SELECT ${COLUMNS} FROM terminal_rules WHERE tenant_id = $1 AND effect = $2 AND id = $3`,
);
const remove = statement<TerminalRule>(
  'terminal_rule_delete',
  `DELETE FROM terminal_rules WHERE tenant_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
);
const patternsOf = statement<{ pattern: string }>(
  'terminal_rules_patterns',
  `SELECT pattern FROM terminal_rules
    WHERE tenant_id = $1 AND effect = $2 AND owner_scope = $3 AND owner_id IS NOT DISTINCT FROM $4
      AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
);

@Injectable()
export class RulesRepository {
  constructor(private readonly database: Database) {}

  /** Every rule that counts for a principal now, by database time. */
  reaching(
    tenantId: string,
    principalId: string,
    delegatorId: string | null,
    gatewayId: string | null,
  ): Promise<TerminalRule[]> {
    return this.database.read(reaching, [tenantId, principalId, delegatorId, gatewayId]);
  }

  /** Newest first, those older than `before`. */
  page(
    { tenantId, ownerScope, ownerId }: RuleOwner,
    effect: RuleEffect,
    before: string | null,
    limit: number,
  ): Promise<TerminalRule[]> {
    return this.database.read(page, [tenantId, effect, ownerScope, ownerId, before ?? LAST_ID, limit]);
  }

  /** Counts no further than `limit`. */
  async count(
    { tenantId, ownerScope, ownerId }: RuleOwner,
    effect: RuleEffect,
    limit: number,
  ): Promise<number> {
    const row = await this.database.readOne(count, [tenantId, effect, ownerScope, ownerId, limit]);
    return row?.count ?? 0;
  }

  byId({ tenantId }: TenantScope, effect: RuleEffect, id: string): Promise<TerminalRule | null> {
    return this.database.readOne(byId, [tenantId, effect, id]);
  }

  /** The patterns that the owner has already. */
  async patternsOf({ tenantId, ownerScope, ownerId }: RuleOwner, effect: RuleEffect): Promise<Set<string>> {
    const rows = await this.database.read(patternsOf, [tenantId, effect, ownerScope, ownerId]);
    return new Set(rows.map(({ pattern }) => pattern));
  }

  /** @throws BlockPatternTaken */
  async add(rules: TerminalRule[]): Promise<void> {
    await refusing(this.database.entities(TerminalRule).insert(rules), uniqueBlockPattern);
  }

  /** The rule that was there; null when somebody else has deleted it. */
  remove({ tenantId }: TenantScope, id: string): Promise<TerminalRule | null> {
    return this.database.writeOne(remove, [tenantId, id]);
  }
}
