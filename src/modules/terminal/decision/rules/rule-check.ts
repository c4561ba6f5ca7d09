import { decide } from '../decide.js';
import { programCalled } from '../commands/program.js';
import { coversNothing } from '../guards/guards.js';
import { compilePolicy } from '../policy.js';
import type { DecisionRequest } from '../request.js';
import { faultOfBlockPattern, readAllowPattern } from './pattern.js';
import type { RuleEffect, TerminalRule } from './rule.js';

/** What keeps a rule from being saved: which part of it, and what to do about it. */
export interface RuleFault {
  readonly field: 'pattern' | 'match' | 'notMatch';
  /** The position in `match` or `notMatch`. */
  readonly index?: number;
  readonly message: string;
}

export interface RuleExamples {
  readonly match?: readonly string[];
  readonly notMatch?: readonly string[];
}

/** Checks a rule before it is saved: that it can mean something, and that its examples are decided as they say. */
export function faultsOfRule(
  effect: RuleEffect,
  rule: Omit<TerminalRule, 'id'>,
  examples: RuleExamples,
): RuleFault[] {
  const fault = effect === 'allow' ? faultOfAllow(rule.pattern) : faultOfBlockPattern(rule.pattern);
  if (fault !== undefined) return [{ field: 'pattern', message: fault }];
  const decided = ruleAlone(effect, { ...rule, id: 'checked' });
  if (effect === 'block' && !decided(rule.pattern).holds)
    return [{ field: 'pattern', message: STOPS_NOTHING }];
  const { match = [], notMatch = [] } = examples;
  return [
    ...match.flatMap((example, index): RuleFault[] => {
      const { holds, because } = decided(example);
      const message = `\`${example}\` is not decided by this rule.${because}`;
      return holds ? [] : [{ field: 'match', index, message }];
    }),
    ...notMatch.flatMap((example, index): RuleFault[] => {
      const message = `\`${example}\` is decided by this rule.`;
      return decided(example).holds ? [{ field: 'notMatch', index, message }] : [];
    }),
  ];
}

const STOPS_NOTHING =
  'A rule with this pattern would not even stop this very text. Give the first words of the command as they would be typed, without quotes and without what is around it.';

function faultOfAllow(pattern: string): string | undefined {
  const words = readAllowPattern(pattern);
  if ('fault' in words) return words.fault;
  if (coversNothing(programCalled(words[0]).guard, words))
    return `\`${words[0]}\` runs other commands or changes the shell; make a rule for the command itself.`;
  return undefined;
}

interface DecidedExample {
  readonly holds: boolean;
  /** What keeps an allow rule from covering it, to be said after a sentence; empty where there is nothing to say. */
  readonly because: string;
}

/** Whether a command is allowed, or blocked, when there is no other rule. */
function ruleAlone(effect: RuleEffect, rule: TerminalRule): (command: string) => DecidedExample {
  const policy = compilePolicy({
    allow: effect === 'allow' ? { global: [rule] } : {},
    block: effect === 'block' ? { global: [rule] } : {},
  });
  return (text) => {
    const { verdict, reasons } = decide(asAnybody(text), policy);
    if (effect === 'block') return { holds: reasons.some(({ code }) => code === 'blocked'), because: '' };
    return { holds: verdict === 'allow', because: reasons.map(({ message }) => ` ${message}`).join('') };
  };
}

function asAnybody(text: string): DecisionRequest {
  return {
    command: { text },
    mode: 'local',
    principal: {
      kind: 'system',
      id: '',
      isActive: true,
      isTerminalAuthorized: true,
      isServerTerminalAuthorized: true,
    },
    at: 0,
  };
}
