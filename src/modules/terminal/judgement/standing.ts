import type { CompiledPolicy } from '../decision/index.js';
import type { TerminalRule } from '../rules/terminal-rule.entity.js';
import type { TrustWindow } from '../trust/trust-window.entity.js';
import type { Caller } from './caller.js';
import type { CallerFlags } from './callers.repository.js';

/** Everything that decides about a caller's commands besides the commands. */
export interface Standing {
  readonly caller: Pick<Caller, 'kind' | 'id' | 'tenantId' | 'delegatorId'>;
  readonly flags: CallerFlags;
  readonly sources: readonly TerminalRule[];
  readonly policy: CompiledPolicy;
  readonly windows: readonly TrustWindow[];
  /** When the first of the rules or windows ends, by the clock. */
  readonly validUntilMs: number;
}
