import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../../kernel/database/index.js';
import type { DecidedSegment } from '../decision/index.js';

export interface Figures {
  readonly commands: number;
  readonly prompts: number;
  readonly agentHours: number;
  readonly agreed: number;
  readonly refused: number;
  readonly medianSeconds: number | null;
  readonly verdicts: Record<string, number>;
}

/** A prompt that a person decided. */
export interface DecidedPrompt {
  readonly principalId: string;
  readonly segments: readonly DecidedSegment[];
  readonly isAgreed: boolean;
}

const PROMPT = `verdict IN ('confirm', 'approve')`;
/** By a person: what rules took back, or nobody answered in time, is rejected as well, but has another status. */
const AGREED = `${PROMPT} AND decision = 'confirmed'`;
const REFUSED = `${PROMPT} AND status = 'rejected'`;

const figures = statement<Figures>(
  'terminal_stats',
  `WITH recent AS (
     SELECT verdict, status, decision, decided_at, created_at, principal_id FROM command_requests WHERE tenant_id = $1 AND id >= $2)
   SELECT count(*)::integer AS commands,
          count(*) FILTER (WHERE ${PROMPT})::integer AS prompts,
          count(DISTINCT (principal_id, date_trunc('hour', created_at)))::integer AS "agentHours",
          count(*) FILTER (WHERE ${AGREED})::integer AS agreed,
          count(*) FILTER (WHERE ${REFUSED})::integer AS refused,
          percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - created_at))
            FILTER (WHERE ${AGREED} OR ${REFUSED}) AS "medianSeconds",
          (SELECT coalesce(jsonb_object_agg(verdict, number), '{}')
             FROM (SELECT verdict, count(*)::integer AS number FROM recent GROUP BY verdict) AS by_verdict) AS verdicts
     FROM recent`,
);
const decidedPrompts = statement<DecidedPrompt>(
  'terminal_decided_prompts',
  `SELECT principal_id AS "principalId", segments, decision = 'confirmed' AS "isAgreed" FROM command_requests
    WHERE tenant_id = $1 AND id >= $2 AND (${AGREED} OR ${REFUSED})
    ORDER BY id DESC LIMIT $3`,
);

@Injectable()
export class StatsRepository {
  constructor(private readonly database: Database) {}

  /** @param sinceId the smallest id of the time that is looked at */
  async figures(tenantId: string, sinceId: string): Promise<Figures> {
    const [row] = await this.database.read(figures, [tenantId, sinceId]);
    return row;
  }

  /** Newest first. */
  decidedPrompts(tenantId: string, sinceId: string, limit: number): Promise<DecidedPrompt[]> {
    return this.database.read(decidedPrompts, [tenantId, sinceId, limit]);
  }
}
