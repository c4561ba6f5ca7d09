import type { FoundCommand } from '../commands/found-command.js';
import { programNameOf } from '../commands/program-name.js';
import { programPattern } from '../commands/program-pattern.js';
import { hasOption } from '../safety/options-given.js';
import { readBlockPattern } from './pattern.js';
import type { TerminalRule } from './rule.js';
import { Validity } from './validity.js';

interface CompiledBlock {
  readonly rule: TerminalRule;
  readonly operands: readonly string[];
  readonly options: readonly (readonly string[])[];
}

/** Spellings of the same option, so that blocking one blocks them all. Options not listed have one spelling. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  rm: ['-r -R --recursive', '-f --force', '-d --dir'],
  cp: ['-r -R --recursive', '-f --force', '-a --archive'],
  mv: ['-f --force'],
  chmod: ['-R --recursive'],
  chown: ['-R --recursive'],
  git: [
    '-f --force',
    '-d --delete',
    '-a --all',
    '-m --message',
    '-n --dry-run',
    '-n --no-verify',
    '-u --set-upstream',
  ],
  docker: [
    '-f --force',
    '-v --volume',
    '-p --publish',
    '-a --all',
    '-e --env',
    '-i --interactive',
    '-t --tty',
    '-d --detach',
    '-u --user',
  ],
  kubectl: ['-n --namespace', '-f --filename', '-A --all-namespaces', '-o --output', '-l --selector'],
  kill: ['-9 -KILL -SIGKILL', '-15 -TERM -SIGTERM'],
  npm: ['-g --global', '-D --save-dev', '-f --force'],
  curl: ['-o --output', '-d --data', '-X --request', '-F --form', '-T --upload-file', '-k --insecure'],
  sed: ['-i --in-place'],
  systemctl: ['-f --force', '-H --host', '-M --machine'],
};

/**
 * Block rules, matched generously and without case: words in the order of the pattern, options wherever they stand and
 * however they are spelled. A word after an option may be that option's value, so it may be passed over.
 */
export class BlockRules {
  private readonly byProgram = new Map<string, Map<string, CompiledBlock[]>>();
  /** Programs that are named by a pattern, `rm*`, with the rules that do so. */
  private readonly byPattern: (readonly [pattern: RegExp, rules: Map<string, CompiledBlock[]>])[] = [];
  private readonly validity: Validity;

  constructor(rules: readonly TerminalRule[]) {
    this.validity = new Validity(rules);
    for (const rule of rules) this.add(rule);
  }

  private add(rule: TerminalRule): void {
    const [name, ...words] = readBlockPattern(rule.pattern).map((word) => word.toLowerCase());
    if (name === undefined) return;
    const program = programNameOf(name);
    const normal = words.flatMap(optionAndValue);
    const operands = normal.filter((word) => !isOption(word));
    const options = normal.filter(isOption).flatMap((word) => spellings(program, word));
    const rules = this.byProgram.get(program) ?? this.added(program, name);
    const first = operands[0] ?? '';
    rules.set(first, [...(rules.get(first) ?? []), { rule, operands, options }]);
  }

  private added(program: string, name: string): Map<string, CompiledBlock[]> {
    const rules = new Map<string, CompiledBlock[]>();
    this.byProgram.set(program, rules);
    const pattern = programPattern(name);
    if (pattern !== undefined) this.byPattern.push([pattern, rules]);
    return rules;
  }

  find(command: FoundCommand, at: number): TerminalRule | undefined {
    if (this.byProgram.size === 0) return undefined;
    const { known } = command;
    if (known?.blocked !== undefined && this.validity.holds(known.blocked, at)) return known.blocked.answer;
    const rule = this.findAnew(command, at);
    if (known !== undefined) known.blocked = this.validity.from(at, rule);
    return rule;
  }

  private findAnew({ argv, program }: FoundCommand, at: number): TerminalRule | undefined {
    if (program === undefined) return undefined;
    const rules = this.byProgram.get(program.name);
    const named = rules && findIn(rules, argv, at);
    if (named !== undefined) return named;
    for (const [pattern, own] of this.byPattern) {
      const rule = pattern.test(program.name) ? findIn(own, argv, at) : undefined;
      if (rule !== undefined) return rule;
    }
    const { pattern } = program;
    if (rules !== undefined || pattern === undefined) return undefined;
    for (const [name, own] of this.byProgram) {
      const rule = pattern.test(name) ? findIn(own, argv, at) : undefined;
      if (rule !== undefined) return rule;
    }
    return undefined;
  }
}

function findIn(
  rules: ReadonlyMap<string, readonly CompiledBlock[]>,
  argv: readonly string[],
  at: number,
): TerminalRule | undefined {
  const candidates = candidatesAmong(rules, argv);
  if (candidates.length === 0) return undefined;
  const folded = argv.flatMap((word, index) => (index === 0 ? [word] : optionAndValue(word.toLowerCase())));
  return candidates.find(
    ({ rule: { expiresAt }, operands, options }) =>
      (expiresAt === undefined || expiresAt > at) &&
      saysInOrder(folded, operands) &&
      options.every((spelled) => hasOption(folded, spelled)),
  )?.rule;
}

const NO_RULES: readonly CompiledBlock[] = [];

/** The rules whose first operand may be the command's: its first one, and what follows while that may be a value. */
function candidatesAmong(
  rules: ReadonlyMap<string, readonly CompiledBlock[]>,
  argv: readonly string[],
): readonly CompiledBlock[] {
  let found = rules.get('') ?? NO_RULES;
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    const equals = isOption(word) ? word.indexOf('=') : -1;
    if (isOption(word) && equals === -1) continue;
    const own = rules.get((equals === -1 ? word : word.slice(equals + 1)).toLowerCase());
    if (own !== undefined) found = found.length === 0 ? own : [...found, ...own];
    if (equals === -1 && !isOption(argv[index - 1])) break;
  }
  return found;
}

function optionAndValue(word: string): string[] {
  const equals = word.indexOf('=');
  return isOption(word) && equals > 1 ? [word.slice(0, equals), word.slice(equals + 1)] : [word];
}

function isOption(word: string): boolean {
  return word.charCodeAt(0) === 0x2d && word.length > 1;
}

/** `-rf` of a rule is `-r` and `-f`, each in every spelling. */
function spellings(program: string, word: string): string[][] {
  const known = (ALIASES[program] ?? []).map((line) => line.toLowerCase().split(' '));
  const whole = known.find((names) => names.includes(word));
  if (whole !== undefined) return [whole];
  const isCluster = !word.startsWith('--') && word.length > 2 && known.length > 0 && /^-[a-z]+$/.test(word);
  if (!isCluster) return [[word]];
  return [...word.slice(1)].map(
    (letter) => known.find((names) => names.includes(`-${letter}`)) ?? [`-${letter}`],
  );
}

function saysInOrder(argv: readonly string[], operands: readonly string[]): boolean {
  let next = 0;
  for (let index = 1; index < argv.length && next < operands.length; index++) {
    if (isOption(argv[index])) continue;
    if (argv[index] === operands[next]) next++;
    else if (!(index > 1 && isOption(argv[index - 1]))) return false;
  }
  return next === operands.length;
}
