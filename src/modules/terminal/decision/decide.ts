import { analyse } from './analysis.js';
import type { FoundCommand } from './commands/found-command.js';
import { Decision, type DecidedSegment } from './decision.js';
import { judgeEnvironment } from './environment.js';
import { isNeverCovered } from './guards/guards.js';
import type { CompiledPolicy } from './policy.js';
import type { DecisionRequest } from './request.js';
import { quoted, suggestPattern } from './rules/suggestion.js';
import { findUnsafe } from './safety/safety-check.js';
import { findPrivatePlace, mayMatchPrivatePlace } from './text/private-places.js';
import { type Reason, stricter, type Verdict } from './verdict.js';
import { liesWithin } from './working-directory.js';

/**
 * Decides about a command. Pure: everything it depends on is given, nothing is read or changed. The strictest answer
 * about any part of the command is the answer about the whole.
 */
export function decide(request: DecisionRequest, policy: CompiledPolicy): Decision {
  const refusal = refusalOfCaller(request);
  if (refusal !== undefined) return denied(request, policy, refusal);
  const analysis = analyse(request.command);
  if (analysis.fault !== undefined)
    return denied(request, policy, { code: 'not_analysable', message: analysis.fault });
  const { found, literal, notLiteral } = analysis;
  const stopped = stoppedBy(found, policy, request.at);
  if (stopped !== undefined) return asStopped(request, policy, stopped, found, literal);
  return new AllowPass(request, policy).decide(found, literal, notLiteral);
}

function refusalOfCaller({ principal, mode, cwd, root, env }: DecisionRequest): Reason | undefined {
  if (!principal.isActive)
    return {
      code: 'principal_inactive',
      message: 'The principal is not active, or whom it acts for is not.',
    };
  if (mode === 'local' ? !principal.isTerminalAuthorized : !principal.isServerTerminalAuthorized)
    return {
      code: 'terminal_not_authorized',
      message: `The ${mode} terminal is not switched on for this principal; an administrator can do that.`,
    };
  if (root !== undefined && cwd !== undefined && !liesWithin(cwd, root))
    return { code: 'cwd_outside_root', message: 'The working directory lies outside the root directory.' };
  const judged = env === undefined ? undefined : judgeEnvironment(env);
  if (judged?.verdict === 'deny')
    return {
      code: 'environment_refused',
      message: `The variable ${judged.name} can change which program runs or what it loads; leave it out.`,
    };
  return undefined;
}

function denied(request: DecisionRequest, policy: CompiledPolicy, reason: Reason): Decision {
  return new Decision(request, policy.policyVersion, 'deny', [reason], []);
}

interface Stop {
  readonly verdict: 'reject' | 'deny';
  readonly command: FoundCommand;
  readonly code: string;
  readonly message: string;
  readonly rule?: string;
}

/** The block pass: every command anywhere against the safety list and the block rules. */
function stoppedBy(
  found: readonly FoundCommand[],
  { block }: CompiledPolicy,
  at: number,
): Stop[] | undefined {
  let stops: Stop[] | undefined;
  for (const command of found) {
    const unsafe = findUnsafe(command);
    if (unsafe !== undefined)
      (stops ??= []).push({
        verdict: 'deny',
        command,
        code: `safety:${unsafe.id}`,
        message: unsafe.explanation,
      });
    const rule = block.isEmpty ? undefined : block.find(command, at);
    if (rule !== undefined)
      (stops ??= []).push({
        verdict: 'reject',
        command,
        code: 'blocked',
        message: `The block rule \`${rule.pattern}\` refuses it${rule.reason ? `: ${rule.reason}` : '.'}`,
        rule: rule.id,
      });
  }
  return stops;
}

function asStopped(
  request: DecisionRequest,
  policy: CompiledPolicy,
  stops: readonly Stop[],
  found: readonly FoundCommand[],
  literal: readonly (readonly string[])[],
): Decision {
  const shown = literal.length > 0 ? found.slice(0, literal.length) : found;
  const reasons = stops.map(({ command, code, message }) => ({
    code,
    message,
    segment: segmentOf(command, shown),
  }));
  const verdict = stops.reduce<Verdict>((strictest, stop) => stricter(strictest, stop.verdict), 'reject');
  const segments = shown.map((command): DecidedSegment => {
    const own = stops.filter((stop) => outermost(stop.command, shown) === command);
    const rule = own.find((stop) => stop.rule !== undefined)?.rule;
    return {
      argv: command.argv,
      verdict: own.reduce<Verdict>(
        (strictest, stop) => stricter(strictest, stop.verdict),
        askVerdict(request),
      ),
      ...(rule !== undefined && { rule }),
    };
  });
  return new Decision(request, policy.policyVersion, verdict, reasons, segments);
}

/** The command among those shown that runs a found one, or the found one itself. */
function outermost(command: FoundCommand, shown: readonly FoundCommand[]): FoundCommand | undefined {
  let seen: FoundCommand | undefined = command;
  while (seen !== undefined && !shown.includes(seen)) seen = seen.runBy;
  return seen;
}

function segmentOf(command: FoundCommand, shown: readonly FoundCommand[]): number {
  const seen = outermost(command, shown);
  return seen === undefined ? 0 : shown.indexOf(seen);
}

function askVerdict({ interactive, mode }: DecisionRequest): Verdict {
  if (interactive === false) return 'deny';
  return mode === 'local' ? 'confirm' : 'approve';
}

/** The allow pass: nothing but literal commands, each of which a rule covers and its guard lets pass. */
class AllowPass {
  private readonly reasons: Reason[] = [];
  private readonly suggestions: string[] = [];

  constructor(
    private readonly request: DecisionRequest,
    private readonly policy: CompiledPolicy,
  ) {}

  decide(
    found: readonly FoundCommand[],
    literal: readonly (readonly string[])[],
    notLiteral: Reason | undefined,
  ): Decision {
    const asked = askVerdict(this.request);
    if (notLiteral !== undefined) {
      this.reasons.push(notLiteral);
      const segments = found.map(({ argv }) => ({ argv, verdict: asked }));
      return this.decided(asked, segments);
    }
    const segments = literal.map((argv, index) => this.segment(argv, index, asked));
    const isAllowed = segments.every(({ verdict }) => verdict === 'allow') && this.isOrdinary(literal);
    return this.decided(isAllowed ? 'allow' : asked, segments);
  }

  private segment(argv: readonly string[], index: number, asked: Verdict): DecidedSegment {
    const { rule, ...answer } = this.policy.allow.find(argv, this.request.at);
    if (rule !== undefined) {
      const guard = 'guard' in answer ? answer.guard : undefined;
      return {
        argv,
        verdict: 'allow',
        rule: rule.id,
        ...(guard !== undefined && { guard }),
        ...(rule.pin && { pin: rule.pin }),
      };
    }
    const refusedBy = 'refusedBy' in answer ? answer.refusedBy : undefined;
    const suggestion = suggestPattern(argv, this.request.at);
    if (suggestion !== undefined) this.suggestions.push(suggestion);
    this.reasons.push(this.whyNot(argv, index, refusedBy, suggestion));
    return { argv, verdict: asked, ...(refusedBy && { guard: refusedBy.guard }) };
  }

  private whyNot(
    argv: readonly string[],
    index: number,
    refusedBy: { rule: { pattern: string }; because: string } | undefined,
    suggestion: string | undefined,
  ): Reason {
    const hint = suggestion === undefined ? '' : ` The rule \`${suggestion}\` would allow it.`;
    if (refusedBy !== undefined)
      return {
        code: 'guard',
        message: `The rule \`${refusedBy.rule.pattern}\` does not cover these arguments: ${refusedBy.because}.${hint}`,
        segment: index,
      };
    if (isNeverCovered(argv[0]))
      return {
        code: 'runs_other_commands',
        message: `\`${quoted(argv[0])}\` runs other commands or changes the shell, so no rule can cover it.`,
        segment: index,
      };
    return {
      code: 'no_rule',
      message: `No rule covers \`${quoted(argv[0])}\` as it is used here.${hint}`,
      segment: index,
    };
  }

  /** What no rule can say for: private files, patterns that may find them, variables nobody knows. */
  private isOrdinary(literal: readonly (readonly string[])[]): boolean {
    const { command, env } = this.request;
    const text = command.argv === undefined ? command.text : command.argv.join('\n');
    const place =
      findPrivatePlace(text) ??
      (/["'\\]/.test(text) ? findPrivatePlace(literal.flat().join('\n')) : undefined);
    if (place !== undefined)
      this.reasons.push({
        code: 'private_place',
        message: `\`${place}\` is where credentials or devices lie.`,
      });
    const pattern =
      command.argv === undefined && /[*?[]/.test(text)
        ? literal.flat().find((word) => mayMatchPrivatePlace(word))
        : undefined;
    if (pattern !== undefined && /[*?[]/.test(pattern))
      this.reasons.push({
        code: 'private_place',
        message: `The pattern \`${pattern}\` may find private files.`,
      });
    const judged = env === undefined ? undefined : judgeEnvironment(env);
    if (judged !== undefined)
      this.reasons.push({
        code: 'environment_unknown',
        message: `What the variable ${judged.name} changes is not known.`,
      });
    return this.reasons.length === 0;
  }

  private decided(verdict: Verdict, segments: readonly DecidedSegment[]): Decision {
    if (verdict === 'deny')
      this.reasons.push({
        code: 'not_interactive',
        message: 'A person would have to agree, and the caller does not wait for one.',
      });
    const { request, policy, reasons, suggestions } = this;
    return new Decision(request, policy.policyVersion, verdict, reasons, segments, suggestions);
  }
}
