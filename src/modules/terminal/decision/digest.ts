import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../kernel/crypto/index.js';
import type { DecisionRequest } from './request.js';

const VERSION = 1;

/**
 * What is voted on and what is run: SHA-256 over the canonical JSON of everything that decides what happens. The executor
 * computes it again right before it starts anything.
 *
 * @throws TypeError for text that is not well-formed Unicode.
 */
export function digestOf(request: DecisionRequest, policyVersion: string): string {
  const { command, cwd, env, mode, gatewayId, principal } = request;
  return createHash('sha256')
    .update(
      canonicalJson({
        v: VERSION,
        command: command.argv === undefined ? command.text : command.argv,
        cwd: cwd ?? null,
        env: env ?? {},
        mode,
        gateway: gatewayId ?? null,
        principal: { kind: principal.kind, id: principal.id },
        delegationId: principal.delegationId ?? null,
        policyVersion,
      }),
    )
    .digest('hex');
}
