import { fact } from '../../../kernel/events/index.js';
import type { Verdict } from '../decision/index.js';

export interface EvaluationDetail {
  /** How many commands got which verdict. */
  verdicts: Partial<Record<Verdict, number>>;
  /** Digests of the first of them. */
  digests: string[];
  policyVersion: string;
}

/** The command itself is not in the entry: what is only asked about is nobody's business afterwards. */
export class CommandsEvaluated extends fact<EvaluationDetail>({
  action: 'command.evaluate',
  resourceType: 'command',
  summary: 'Somebody asked what would be decided about a command, or several.',
  public: false,
  detail: {
    verdicts: { type: 'object', additionalProperties: { type: 'integer', minimum: 1 } },
    digests: { type: 'array', items: { type: 'string', pattern: '^[0-9a-f]{64}$' }, maxItems: 100 },
    policyVersion: { type: 'string' },
  },
  example: { verdicts: { allow: 1 }, digests: ['5c'.repeat(32)], policyVersion: 'a3'.repeat(32) },
}) {}
