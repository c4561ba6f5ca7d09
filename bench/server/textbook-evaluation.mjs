/** How the first chapter of a textbook would decide about a command: everything asked, read and written for each request. */

const USER = `SELECT is_active AS "isActive", is_terminal_authorized AS "isAuthorized" FROM users WHERE tenant_id = $1 AND id = $2`;
const RULES = `SELECT id, effect, pattern FROM terminal_rules
  WHERE tenant_id = $1 AND (expires_at IS NULL OR expires_at > now())
    AND (owner_scope = 'global' OR owner_scope = 'user' AND owner_id = $2)`;

/** @param {(path: string) => Promise<any>} fromBuild */
export async function textbookEvaluation(fromBuild) {
  const { CommandsEvaluated } = await fromBuild('modules/terminal/evaluations/evaluation.events.js');

  return async function evaluate({ pool, unitOfWork, events }, { tenantId, id }, { command }) {
    const [user] = (await pool.connections.query(USER, [tenantId, id])).rows;
    const rules = (await pool.connections.query(RULES, [tenantId, id])).rows;
    const segments = command.split(/&&|\|\||[;|\n]/).map((segment) => segment.trim());
    const verdict = user.isActive && user.isAuthorized ? verdictOf(segments, rules) : 'deny';
    const fact = new CommandsEvaluated({
      resourceId: null,
      detail: { verdicts: { [verdict]: 1 }, digests: [], policyVersion: '' },
    });
    await unitOfWork.run(() => events.record(fact));
    return { verdict };
  };
}

function verdictOf(segments, rules) {
  const covers = (segment, { pattern }) => segment === pattern || segment.startsWith(`${pattern} `);
  const those = (effect) => rules.filter((rule) => rule.effect === effect);
  if (segments.some((segment) => those('block').some((rule) => covers(segment, rule)))) return 'reject';
  const isAllowed = segments.every((segment) => those('allow').some((rule) => covers(segment, rule)));
  return segments.length > 0 && isAllowed ? 'allow' : 'confirm';
}
