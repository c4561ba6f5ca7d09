import { hash } from 'node:crypto';
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
  return hash('sha256', canonicalAction(request, policyVersion));
}

/**
 * The members are in the order of RFC 8785 and everything but `env` is flat, so that JSON.stringify writes the canonical
 * text, many times faster than a general serializer. It differs for lone surrogates only, which are refused.
 */
function canonicalAction(request: DecisionRequest, policyVersion: string): string {
  const { command, cwd = null, env, mode, gatewayId = null, principal } = request;
  const { kind, id, delegationId = null } = principal;
  const action = {
    command: command.argv === undefined ? command.text : command.argv,
    cwd,
    delegationId,
    env: env === undefined ? {} : sorted(env),
    gateway: gatewayId,
    mode,
    policyVersion,
    principal: { id, kind },
    v: VERSION,
  };
  const text = JSON.stringify(action);
  return text.includes('\\ud') ? canonicalJson(action) : text;
}

function sorted(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1)));
}
