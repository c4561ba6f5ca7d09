import { strictlyValidated } from '../../../kernel/http/index.js';
import { isUuid } from '../../../kernel/runtime/index.js';
import { Evaluate } from './evaluation.dto.js';

const LONGEST_CWD = 1_024;

/**
 * The validation of this body costs more than everything else about an evaluation, and nearly every body is in order. So
 * the usual ones are recognised by a few comparisons; whatever is not usual is judged, and refused, by the rules of the
 * class. What is recognised here is a part of what those accept.
 */
export function evaluationBody(body: unknown): Evaluate {
  return isUsual(body) ? body : strictlyValidated(Evaluate, body, 'body');
}

const IS_USUAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  command: (value) => typeof value === 'string',
  argv: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  mode: (value) => value === 'local' || value === 'server',
  cwd: (value) => typeof value === 'string' && value.length <= LONGEST_CWD,
  gatewayId: (value) => typeof value === 'string' && isUuid(value),
  interactive: (value) => typeof value === 'boolean',
};

function isUsual(body: unknown): body is Evaluate {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(IS_USUAL, name) || !IS_USUAL[name](value)) return false;
  }
  return true;
}
