import { type Analysed, analyse } from './analysis.js';
import { outermost, type FoundCommand } from './commands/found-command.js';
import { wordsSeenFrom } from './commands/directories.js';
import { startedIn } from './commands/rewritten-commands.js';
import { Decision, type DecidedSegment } from './decision.js';
import { judgeEnvironment } from './environment.js';
import { coversNothing } from './guards/guards.js';
import type { CompiledPolicy } from './policy.js';
import type { DecisionRequest } from './request.js';
import type { AllowAnswer } from './rules/allow-answer.js';
import { quoted, suggestPattern } from './rules/suggestion.js';
import { findUnsafe } from './safety/safety-check.js';
import type { SafetyEntry } from './safety/safety-entry.js';
import { findPrivatePlace, isPrivateDirectory, mayNamePrivatePlace } from './text/private-places.js';
import { type Reason, stricter, type Verdict } from './verdict.js';
import { givenDirectory, liesWithin, revealingDirectory, tellingDirectory } from './working-directory.js';

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
  const stops = stoppedBy(analysis.found, policy, request.at) ?? stoppedThere(analysis.found, request);
  return stops === undefined
    ? allowPass(request, policy, analysis)
    : asStopped(request, policy, stops, analysis);
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
  return new Decision(request, policy.policyVersion, 'deny', [reason], [], NONE);
}

interface Stop {
  readonly verdict: 'reject' | 'deny';
  readonly command: FoundCommand;
  readonly code: string;
  readonly message: string;
  readonly rule: string | undefined;
}

const NONE: readonly string[] = [];

/** The block pass: every command anywhere against the safety list and the block rules. */
function stoppedBy(
  found: readonly FoundCommand[],
  { block }: CompiledPolicy,
  at: number,
): Stop[] | undefined {
  let stops: Stop[] | undefined;
  for (const command of found) {
    const unsafe = findUnsafe(command);
    if (unsafe !== undefined) (stops ??= []).push(asUnsafe(unsafe, command));
    const rule = block.find(command, at);
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

/** What the safety list says once it is known where the command starts: `rm -rf *` in `/`. */
function stoppedThere(found: readonly FoundCommand[], request: DecisionRequest): Stop[] | undefined {
  const directory = tellingDirectory(request);
  if (directory === undefined) return undefined;
  let stops: Stop[] | undefined;
  for (const there of startedIn(directory, found)) {
    const unsafe = findUnsafe(there);
    if (unsafe !== undefined) (stops ??= []).push(asUnsafe(unsafe, there));
  }
  return stops;
}

function asUnsafe({ id, explanation }: SafetyEntry, command: FoundCommand): Stop {
  return { verdict: 'deny', command, code: `safety:${id}`, message: explanation, rule: undefined };
}

function asStopped(
  request: DecisionRequest,
  policy: CompiledPolicy,
  stops: readonly Stop[],
  { found, literal }: Analysed,
): Decision {
  // What a command runs in turn is told with that command.
  const shown = found.filter(({ runBy }) => runBy === undefined).slice(0, literal > 0 ? literal : undefined);
  const places = stops.map(({ command }) => Math.max(0, shown.indexOf(outermost(command))));
  const reasons = stops
    .map(({ code, message }, index) => ({ code, message, segment: places[index] }))
    .filter((reason, index, all) => all.findIndex((other) => isSameReason(other, reason)) === index);
  const strictest = (own: readonly Stop[], from: Verdict) =>
    own.reduce<Verdict>((verdict, stop) => stricter(verdict, stop.verdict), from);
  const segments = shown.map(({ argv }, place): DecidedSegment => {
    const own = stops.filter((_, index) => places[index] === place);
    const rule = own.find((stop) => stop.rule !== undefined)?.rule;
    return { argv, verdict: strictest(own, askVerdict(request)), rule, guard: undefined, pin: undefined };
  });
  return new Decision(request, policy.policyVersion, strictest(stops, 'reject'), reasons, segments, NONE);
}

/** `find … -exec rm …` is found as itself and as what it runs; one rule says it once. */
function isSameReason(one: Reason, other: Reason): boolean {
  return one.code === other.code && one.message === other.message && one.segment === other.segment;
}

function askVerdict({ interactive, mode }: DecisionRequest): Verdict {
  if (interactive === false) return 'deny';
  return mode === 'local' ? 'confirm' : 'approve';
}

/** The allow pass: nothing but literal commands, each of which a rule covers and its guard lets pass. */
function allowPass(request: DecisionRequest, policy: CompiledPolicy, analysed: Analysed): Decision {
  const { found, literal, notLiteral } = analysed;
  const asked = askVerdict(request);
  const reasons: Reason[] = [];
  const suggestions: string[] = [];
  const segments: DecidedSegment[] = [];
  if (notLiteral !== undefined) {
    reasons.push(notLiteral);
    for (const { argv, runBy } of found)
      if (runBy === undefined)
        segments.push({ argv, verdict: asked, rule: undefined, guard: undefined, pin: undefined });
  }
  for (let index = 0; index < literal; index++) {
    const command = found[index];
    const { argv, program } = command;
    const answer = policy.allow.find(command, request.at);
    const { allowed, matched } = answer;
    if (allowed === undefined) reasons.push(whyNot(command, index, answer, suggestions));
    segments.push({
      argv,
      verdict: allowed === undefined ? asked : 'allow',
      rule: allowed?.id,
      guard: matched && program?.guard?.name,
      pin: allowed?.pin,
    });
  }
  if (reasons.length === 0) addWhatIsExtraordinary(request, analysed, reasons);
  const verdict = reasons.length === 0 ? 'allow' : asked;
  if (verdict === 'deny')
    reasons.push({
      code: 'not_interactive',
      message: 'A person would have to agree, and the caller does not wait for one.',
    });
  return new Decision(request, policy.policyVersion, verdict, reasons, segments, suggestions);
}

function privatePlaceIn({ argv, known }: FoundCommand, hasPatterns: boolean): string | undefined {
  // What is remembered was read as text, in which there may be patterns.
  if (known === undefined || !hasPatterns) return findPrivatePlace(argv, hasPatterns);
  return (known.privatePlace ??= { found: findPrivatePlace(argv, hasPatterns) }).found;
}

function whyNot(command: FoundCommand, segment: number, answer: AllowAnswer, suggestions: string[]): Reason {
  const { matched, because } = answer;
  const name = quoted(command.argv[0]);
  if (coversNothing(command.program?.guard, command.argv))
    return {
      code: 'runs_other_commands',
      message: `\`${name}\` runs other commands or changes the shell, so no rule can cover it.`,
      segment,
    };
  const suggestion = suggestPattern(command);
  if (suggestion !== undefined) suggestions.push(suggestion);
  const hint = suggestion === undefined ? '' : ` The rule \`${suggestion}\` would.`;
  if (matched !== undefined && because !== undefined)
    return {
      code: 'guard',
      message: `The rule \`${matched.pattern}\` does not cover these arguments: ${because}.${hint}`,
      segment,
    };
  return { code: 'no_rule', message: `No rule covers \`${name}\` as it is used here.${hint}`, segment };
}

/** What no rule can say for: private files, patterns that may find them, variables nobody knows. */
function addWhatIsExtraordinary(
  request: DecisionRequest,
  { found, literal }: Analysed,
  reasons: Reason[],
): void {
  const { command, env } = request;
  const start = givenDirectory(request);
  if (start !== undefined && isPrivateDirectory(start))
    reasons.push({
      code: 'private_place',
      message: `\`${start}\` is or may be where secrets or devices lie.`,
    });
  const directory = revealingDirectory(request);
  const hasPatterns = command.argv === undefined;
  for (let index = 0; index < literal; index++) {
    const { argv, signs } = found[index];
    if (directory === undefined && !mayNamePrivatePlace(argv, signs)) continue;
    const place =
      privatePlaceIn(found[index], hasPatterns) ??
      (directory && findPrivatePlace(wordsSeenFrom(directory, argv), hasPatterns));
    if (place !== undefined)
      reasons.push({
        code: 'private_place',
        message: `\`${place}\` is or may be where secrets or devices lie.`,
        segment: index,
      });
  }
  const judged = env === undefined ? undefined : judgeEnvironment(env);
  if (judged !== undefined)
    reasons.push({
      code: 'environment_unknown',
      message: `What the variable ${judged.name} changes is not known.`,
    });
}
