import type { FoundCommand } from '../commands/found-command.js';
import { programNameOf } from '../commands/program-name.js';
import {
  guardFor,
  type KnownGuard,
  overridesRule,
  refusalOf,
  withLetterBefore,
  withoutSkipped,
} from '../guards/guards.js';
import type { Saying } from '../guards/argument-check.js';
import type { AllowAnswer } from './allow-answer.js';
import { readAllowPattern } from './pattern.js';
import type { TerminalRule } from './rule.js';
import { Validity } from './validity.js';

interface CompiledRule extends Saying {
  readonly rule: TerminalRule;
  readonly expiresAt: number;
  readonly pinnedTo: string | undefined;
  readonly subcommands: ReadonlySet<string>;
}

interface Branch {
  readonly depth: number;
  readonly above: Branch | undefined;
  readonly rules: CompiledRule[];
  /** Most branches have none: then the next word need not be looked up. */
  next: Map<string, Branch> | undefined;
}

const NO_WORDS: ReadonlySet<string> = new Set();
const UNKNOWN: AllowAnswer = { allowed: undefined, matched: undefined, because: undefined };

/**
 * Allow rules as a tree of words: a command is looked up word by word, so how many rules there are hardly matters. Words
 * are compared as they are written, with case.
 */
export class AllowRules {
  private readonly root = branchBelow(undefined);
  /** The names that pinned files go by. */
  private readonly pinned = new Map<string, string>();
  private readonly validity: Validity;

  constructor(rules: readonly TerminalRule[]) {
    this.validity = new Validity(rules);
    for (const rule of rules) {
      const words = readAllowPattern(rule.pattern);
      if ('fault' in words) continue; // cannot be saved; one that was stored anyway allows nothing
      if (rule.pin && isCalled(rule.pin.path, words[0])) this.pinned.set(rule.pin.path, words[0]);
      this.branchFor(words).rules.push({
        rule,
        expiresAt: rule.expiresAt ?? Infinity,
        pinnedTo: rule.pin?.path,
        words: withoutSkipped(guardFor(programNameOf(words[0])), words),
        accepted: rule.options?.arguments ? new Set(rule.options.arguments) : NO_WORDS,
        subcommands: rule.options?.subcommands ? new Set(rule.options.subcommands) : NO_WORDS,
      });
    }
  }

  private branchFor(words: readonly string[]): Branch {
    let branch = this.root;
    for (const word of words) {
      const known = (branch.next ??= new Map<string, Branch>());
      let next = known.get(word);
      if (next === undefined) known.set(word, (next = branchBelow(branch)));
      branch = next;
    }
    return branch;
  }

  /** The rule that covers a command, the one with most words first. */
  find(command: FoundCommand, at: number): AllowAnswer {
    const { known } = command;
    if (known?.allowed !== undefined && this.validity.holds(known.allowed, at)) return known.allowed.answer;
    const answer = this.findAnew(command, at);
    if (known !== undefined) known.allowed = this.validity.from(at, answer);
    return answer;
  }

  private findAnew({ argv, program }: FoundCommand, at: number): AllowAnswer {
    const guard = program?.guard;
    const plain = withoutSkipped(guard, argv);
    const asked = this.asNamed(plain);
    const answer = this.lookUp(asked, asked, argv[0], guard, at);
    if (answer.allowed === undefined && guard !== undefined) {
      const spelled = this.asWrittenInRules(asked, guard);
      const found = spelled && this.lookUp(spelled, spelled, argv[0], guard, at);
      if (found?.allowed !== undefined) return found;
    }
    // A rule may say itself what others need not: `kubectl -n web get`.
    if (answer.allowed !== undefined || plain === argv) return answer;
    const said = this.lookUp(this.asNamed(argv), asked, argv[0], guard, at);
    return said.matched === undefined ? answer : said;
  }

  /** `sed -nE` as a rule for `sed -n` would have it: letters that stand together are options one by one. */
  private asWrittenInRules(words: readonly string[], guard: KnownGuard): readonly string[] | undefined {
    const { next, depth: place } = this.deepest(words);
    if (next === undefined || words.length <= place) return undefined;
    return withLetterBefore(guard, words, place, (option) => next.has(option));
  }

  private deepest(words: readonly string[]): Branch {
    let branch = this.root;
    for (
      let next = this.root.next?.get(words[0]);
      next !== undefined;
      next = branch.next?.get(words[branch.depth])
    )
      branch = next;
    return branch;
  }

  /** The rule that begins as the words do and lets pass what is asked. */
  private lookUp(
    words: readonly string[],
    asked: readonly string[],
    called: string,
    guard: KnownGuard | undefined,
    at: number,
  ): AllowAnswer {
    let answer = UNKNOWN;
    for (let up: Branch | undefined = this.deepest(words); up !== undefined; up = up.above) {
      const isOverridden = words !== asked && up.rules.length > 0 && overridesRule(guard, words, up.depth);
      for (const compiled of up.rules) {
        const { rule } = compiled;
        if (compiled.expiresAt <= at) continue;
        if (words !== asked && !beginsWith(asked, compiled.words)) continue;
        // The name was taken for a pinned file; another rule of that name says nothing about a file.
        if (asked[0] !== called && compiled.pinnedTo !== called) continue;
        const because = isOverridden ? OVERRIDDEN : refusalOf(guard, asked, compiled, compiled.subcommands);
        if (because === undefined) return { allowed: rule, matched: rule, because };
        if (answer === UNKNOWN) answer = { allowed: undefined, matched: rule, because };
      }
    }
    return answer;
  }

  /** A program given by its path goes by the name in the rule that pins that path; otherwise a path is no name. */
  private asNamed(argv: readonly string[]): readonly string[] {
    const name = this.pinned.size === 0 ? undefined : this.pinned.get(argv[0]);
    return name === undefined ? argv : [name, ...argv.slice(1)];
  }
}

const OVERRIDDEN = 'an option behind it changes what the rule says';

/** A file goes by its whole name, `vim.basic`, and by that of the program, `vim`. */
function isCalled(path: string, name: string): boolean {
  return path.endsWith(`/${name}`) || programNameOf(path) === name;
}

function beginsWith(argv: readonly string[], words: readonly string[]): boolean {
  return words.every((word, index) => argv[index] === word);
}

function branchBelow(above: Branch | undefined): Branch {
  return { depth: above === undefined ? 0 : above.depth + 1, above, rules: [], next: undefined };
}
