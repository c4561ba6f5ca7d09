import { programOf } from '../commands/found-command.js';
import { askGuard, withoutSkipped } from '../guards/guards.js';
import type { Saying } from '../guards/argument-check.js';
import { readAllowPattern } from './pattern.js';
import type { TerminalRule } from './rule.js';

interface CompiledRule extends Saying {
  readonly rule: TerminalRule;
  readonly subcommands: ReadonlySet<string>;
}

interface Branch {
  rules: CompiledRule[];
  readonly next: Map<string, Branch>;
}

export type AllowAnswer =
  | { readonly rule: TerminalRule; readonly guard?: string }
  /** No rule says the command, or one does and its guard does not let the arguments pass. */
  | {
      readonly rule: undefined;
      readonly refusedBy?: { readonly rule: TerminalRule; readonly guard: string; readonly because: string };
    };

const NO_WORDS: ReadonlySet<string> = new Set();
const UNKNOWN: AllowAnswer = { rule: undefined };

/**
 * Allow rules as a tree of words: a command is looked up word by word, so how many rules there are hardly matters. Words
 * are compared as they are written, with case.
 */
export class AllowRules {
  private readonly root: Branch = { rules: [], next: new Map() };
  private readonly pinned = new Map<string, string>();

  constructor(rules: readonly TerminalRule[]) {
    for (const rule of rules) {
      const words = readAllowPattern(rule.pattern);
      if ('fault' in words) continue; // cannot be saved; one that was stored anyway allows nothing
      if (rule.pin) this.pinned.set(rule.pin.path, words[0]);
      this.branchFor(words).rules.push({
        rule,
        words,
        accepted: rule.options?.arguments ? new Set(rule.options.arguments) : NO_WORDS,
        subcommands: rule.options?.subcommands ? new Set(rule.options.subcommands) : NO_WORDS,
      });
    }
  }

  private branchFor(words: readonly string[]): Branch {
    let branch = this.root;
    for (const word of words) {
      let next = branch.next.get(word);
      if (next === undefined) branch.next.set(word, (next = { rules: [], next: new Map() }));
      branch = next;
    }
    return branch;
  }

  /** The rule that covers a command, the one with most words first. */
  find(command: readonly string[], at: number): AllowAnswer {
    const asked = this.asNamed(withoutSkipped(command));
    const branches: Branch[] = [];
    let branch = this.root.next.get(asked[0]);
    for (let index = 1; branch !== undefined; index++) {
      branches.push(branch);
      branch = index < asked.length ? branch.next.get(asked[index]) : undefined;
    }
    let refused: AllowAnswer = UNKNOWN;
    for (let depth = branches.length - 1; depth >= 0; depth--) {
      for (const compiled of branches[depth].rules) {
        const { rule } = compiled;
        if (rule.expiresAt !== undefined && rule.expiresAt <= at) continue;
        // A pinned rule is about one file: the same name somewhere else is another program.
        if (command[0].includes('/') && asked[0] !== command[0] && rule.pin?.path !== command[0]) continue;
        const answer = askGuard(asked, compiled, compiled.subcommands);
        if (answer.passes) return { rule, guard: answer.guard };
        if (refused === UNKNOWN)
          refused = { rule: undefined, refusedBy: { rule, guard: answer.guard, because: answer.because } };
      }
    }
    return refused;
  }

  /** A program given by its path goes by the name in the rule that pins that path; otherwise a path is not a name. */
  private asNamed(argv: readonly string[]): readonly string[] {
    if (this.pinned.size === 0 || !argv[0].includes('/')) return argv;
    const name = this.pinned.get(argv[0]);
    return name === undefined || name !== programOf(argv[0]) ? argv : [name, ...argv.slice(1)];
  }
}
