import { programOf } from '../commands/found-command.js';
import { ArgumentCheck, type Saying } from './argument-check.js';
import { GUARDS } from './catalogue.js';
import type { Guard, Subcommand, Subcommands } from './guard.js';

/** What a guard says about a command that a rule matches. */
export type GuardAnswer =
  | { readonly passes: true; readonly guard?: string }
  | { readonly passes: false; readonly guard: string; readonly because: string };

interface Node {
  readonly by: Subcommand['by'];
  readonly check?: ArgumentCheck;
  readonly next?: ReadonlyMap<string, Node>;
}

interface KnownGuard {
  readonly guard: Guard;
  readonly queries: ReadonlySet<string>;
  readonly skipped: ReadonlySet<string>;
  readonly root?: Node;
}

const NONE: ReadonlySet<string> = new Set();
const guards = new Map<string, KnownGuard>();
for (const guard of GUARDS) {
  const known = prepared(guard);
  for (const program of guard.programs.split(' ')) {
    if (guards.has(program)) throw new Error(`Two guards for ${program}`);
    guards.set(program, known);
  }
}

function prepared(guard: Guard): KnownGuard {
  const queries = new Set(guard.queries?.split(' ') ?? []);
  const skipped = guard.kind === 'subcommands' ? new Set(guard.skipped?.split(' ') ?? []) : NONE;
  const root: Node | undefined =
    guard.kind === 'arguments'
      ? { by: 'name', check: new ArgumentCheck(guard.arguments) }
      : guard.kind === 'subcommands'
        ? { by: 'name', next: branches(guard.subcommands) }
        : undefined;
  return { guard, queries, skipped, root };
}

function branches(subcommands: Subcommands): Map<string, Node> {
  const next = new Map<string, Node>();
  for (const [names, { by, arguments: given, subcommands: deeper }] of Object.entries(subcommands)) {
    const node = {
      by,
      check: given && new ArgumentCheck(given),
      next: deeper && branches(deeper),
    };
    for (const name of names.split(' ')) next.set(name, node);
  }
  return next;
}

function guardOf(name: string): KnownGuard | undefined {
  return guards.get(name) ?? guards.get(familyOf(programOf(name)));
}

/** `python3.12` is python, `clang-18` is clang. */
function familyOf(program: string): string {
  if (guards.has(program)) return program;
  const family = program.replace(/[-.]?\d[\d.]*$/, '');
  return guards.has(family) ? family : program;
}

/** Whether no rule at all may cover a program. */
export function isNeverCovered(name: string): boolean {
  return guardOf(name)?.guard.kind === 'never';
}

/** Words after the program's name that mean nothing, so that a rule need not name them: `git --no-pager log`. */
export function withoutSkipped(argv: readonly string[]): readonly string[] {
  const skipped = guardOf(argv[0])?.skipped ?? NONE;
  if (skipped.size === 0) return argv;
  let from = 1;
  while (from < argv.length && skipped.has(argv[from])) from++;
  return from === 1 ? argv : [argv[0], ...argv.slice(from)];
}

/** Judges a command that a rule matches by prefix. `subcommands` are those the rule covers besides what its words say. */
export function askGuard(
  argv: readonly string[],
  saying: Saying,
  subcommands: ReadonlySet<string>,
): GuardAnswer {
  const known = guardOf(argv[0]);
  if (known === undefined) return { passes: true };
  const { guard, root } = known;
  const name = guard.programs.split(' ', 1)[0];
  if (argv.length === 2 && known.queries.has(argv[1])) return { passes: true, guard: name };
  const refuse = (because: string) => ({ passes: false, guard: name, because }) as const;
  if (guard.kind === 'never') return refuse(guard.why);
  // Who wrote the whole command into a rule has thought of every word of it.
  if (saying.words.length > 1 && saying.words.length === argv.length) return { passes: true, guard: name };
  if (root === undefined) return refuse(guard.why);
  const because = walk(root, argv, saying, subcommands);
  return because === undefined ? { passes: true, guard: name } : refuse(because);
}

function walk(
  root: Node,
  argv: readonly string[],
  saying: Saying,
  subcommands: ReadonlySet<string>,
): string | undefined {
  let node = root;
  let index = 1;
  for (let next = node.next?.get(argv[1]); next !== undefined; next = node.next?.get(argv[index])) {
    const path = argv.slice(1, index + 1).join(' ');
    if (next.by === 'whole') return `\`${path}\` needs a rule that spells out the whole command`;
    if (next.by === 'subcommand' && saying.words.length <= index && !subcommands.has(path))
      return `\`${path}\` needs a rule that names it`;
    node = next;
    index++;
  }
  if (node.check === undefined)
    return index < argv.length
      ? `\`${argv[index]}\` is not among what passes by prefix`
      : `\`${argv.join(' ')}\` alone needs a rule that spells out the whole command`;
  return node.check.refusal(argv, index, saying);
}

/** How many words of a command say which subcommand is meant: `docker container ls` are three. */
export function wordsThatName(argv: readonly string[]): number {
  const root = guardOf(argv[0])?.root;
  let node = root?.next?.get(argv[1]);
  let words = 1;
  while (node !== undefined) {
    words++;
    node = node.next?.get(argv[words]);
  }
  return words;
}

export function guardedPrograms(): ReadonlySet<string> {
  return new Set(guards.keys());
}
