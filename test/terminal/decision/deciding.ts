import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CompiledPolicy,
  compilePolicy,
  decide,
  type Decision,
  type DecisionRequest,
  type TerminalRule,
} from '../../../src/modules/terminal/decision/index.js';

/** A policy whose rules are called by their patterns. */
export function policyOf(allow: readonly string[], block: readonly string[] = []): CompiledPolicy {
  return compilePolicy({ allow: { user: allow.map(ruleFor) }, block: { global: block.map(ruleFor) } });
}

export function ruleFor(pattern: string): TerminalRule {
  return { id: pattern, pattern };
}

/** Somebody who may use both terminals wants to run something on the server. */
export function requestFor(
  command: string | readonly string[],
  changes: Partial<DecisionRequest> = {},
): DecisionRequest {
  return {
    command: typeof command === 'string' ? { text: command } : { argv: command },
    mode: 'server',
    principal: {
      kind: 'user',
      id: '0198c0de-0000-7000-8000-000000000001',
      isActive: true,
      isTerminalAuthorized: true,
      isServerTerminalAuthorized: true,
    },
    at: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

export function decided(command: string | readonly string[], policy: CompiledPolicy): Decision {
  return decide(requestFor(command), policy);
}

/** Commands as people and agents write them, with what is to be decided. */
export const CORPORA = [
  'terminal-policy.json',
  'own.json',
  'disguises.json',
  'families.json',
  'everyday.json',
  'options.json',
] as const;

export interface CorpusCase {
  readonly category: string;
  readonly rules: readonly string[];
  readonly command: string | readonly string[];
  readonly cwd?: string;
  readonly expect: 'ALLOW' | 'ASK' | 'DENY';
}

interface CorpusFile {
  readonly allowlist?: readonly string[];
  readonly groups?: readonly {
    readonly class: string;
    readonly rules: readonly string[];
    readonly cwd?: string;
    readonly allow?: readonly string[];
    readonly ask?: readonly string[];
    readonly deny?: readonly string[];
  }[];
  readonly cases?: readonly {
    readonly category?: string;
    readonly class?: string;
    readonly rules?: readonly string[];
    readonly input?: string;
    readonly argv?: readonly string[];
    readonly expect: CorpusCase['expect'];
  }[];
}

/** ALLOW = allowed; ASK = anything but allowed; DENY = denied or rejected. */
export function readCorpus(name: string): CorpusCase[] {
  const file = JSON.parse(readFileSync(join(__dirname, '..', 'corpus', name), 'utf8')) as CorpusFile;
  const single = (file.cases ?? []).map((entry) => ({
    category: entry.category ?? entry.class ?? '',
    rules: entry.rules ?? file.allowlist ?? [],
    command: entry.argv ?? entry.input ?? '',
    expect: entry.expect,
  }));
  const grouped = (file.groups ?? []).flatMap(({ class: category, rules, cwd, allow, ask, deny }) => {
    const judged = (commands: readonly string[] = [], expect: CorpusCase['expect']) =>
      commands.map((command) => ({ category, rules, command, expect, ...(cwd !== undefined && { cwd }) }));
    return [...judged(allow, 'ALLOW'), ...judged(ask, 'ASK'), ...judged(deny, 'DENY')];
  });
  return [...single, ...grouped];
}

export function isAsExpected({ expect }: CorpusCase, { verdict }: Decision): boolean {
  if (expect === 'ALLOW') return verdict === 'allow';
  return expect === 'ASK' ? verdict !== 'allow' : verdict === 'deny' || verdict === 'reject';
}
