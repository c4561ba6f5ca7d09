import { ArgumentCheck, type Saying } from './argument-check.js';
import { GUARDS } from './catalogue.js';
import type { Arguments, Guard, Subcommand } from './guard.js';
import { refusalOfUnknown } from './unknown-programs.js';
import { isOfKind, kindOf } from './word-kinds.js';

interface Node {
  readonly by: Subcommand['by'];
  readonly words: number;
  readonly check: ArgumentCheck | undefined;
  /** It goes by the beginning of its name. */
  readonly isOpen: boolean;
  readonly next: ReadonlyMap<string, Node> | undefined;
  /** By the beginnings and ends of names, looked at when a name is not listed. */
  readonly open: readonly (readonly [start: string, end: string, node: Node])[];
}

const NONE_OPEN: Node['open'] = [];

export interface KnownGuard {
  readonly name: string;
  readonly kind: Guard['kind'];
  readonly why: string;
  readonly queries: ReadonlySet<string>;
  readonly skipped: ReadonlySet<string> | undefined;
  readonly skippedValues: ReadonlySet<string>;
  /** Options that change again what a rule says by those. */
  readonly overriding: ReadonlySet<string>;
  readonly root: Node | undefined;
}

/** Many commands of one program take the same. */
const checks = new Map<Arguments, ArgumentCheck>();
const guards = new Map<string, KnownGuard>();
for (const guard of GUARDS) {
  const known = prepared(guard);
  for (const program of guard.programs.split(' ')) {
    if (guards.has(program)) throw new Error(`Two guards for ${program}`);
    guards.set(program, known);
  }
}

function prepared(guard: Guard): KnownGuard {
  return {
    name: guard.programs.split(' ', 1)[0],
    kind: guard.kind,
    why: guard.why,
    queries: new Set(guard.queries?.split(' ')),
    skipped:
      guard.skipped === undefined && guard.skippedValues === undefined
        ? undefined
        : new Set(guard.skipped?.split(' ')),
    skippedValues: new Set(guard.skippedValues?.split(' ')),
    overriding: new Set([guard.skippedValues, guard.overrides].flatMap((names) => names?.split(' ') ?? [])),
    root: rootOf(guard),
  };
}

function rootOf(guard: Guard): Node | undefined {
  switch (guard.kind) {
    case 'arguments':
      return nodeOf({ by: 'name', arguments: guard.arguments });
    case 'subcommands':
      return nodeOf({ by: 'name', arguments: guard.arguments, subcommands: guard.subcommands });
    case 'never':
      return guard.subcommands && nodeOf({ by: 'name', subcommands: guard.subcommands });
    case 'whole':
      return undefined;
  }
}

function checkOf(given: Arguments): ArgumentCheck {
  const check = checks.get(given) ?? new ArgumentCheck(given);
  checks.set(given, check);
  return check;
}

function nodeOf({ by, words = 0, arguments: given, subcommands }: Subcommand, isOpen = false): Node {
  const check = given && checkOf(given);
  if (subcommands === undefined) return { by, words, check, isOpen, next: undefined, open: NONE_OPEN };
  const next = new Map<string, Node>();
  const open: (readonly [string, string, Node])[] = [];
  for (const [names, subcommand] of Object.entries(subcommands)) {
    let listed: Node | undefined;
    let unlisted: Node | undefined;
    for (const name of names.split(' ')) {
      const star = name.indexOf('*');
      if (star === -1) next.set(name, (listed ??= nodeOf(subcommand)));
      else open.push([name.slice(0, star), name.slice(star + 1), (unlisted ??= nodeOf(subcommand, true))]);
    }
  }
  return { by, words, check, isOpen, next, open: open.length === 0 ? NONE_OPEN : open };
}

const IS_NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Words that do something. Where any name passes for the group of things that is looked at, one of these would be the
 * command itself and what follows its operand: `instances delete list` deletes what is called list.
 */
const DOES_SOMETHING: ReadonlySet<string> = new Set(
  'abandon abort accept access ack acknowledge activate add apply approve assign associate attach authorize begin bind browse build call cancel capture cat change clean cleanup clear clone close complete configure connect convert copy cp create deactivate deallocate decrypt deidentify delete demote deploy deregister destroy detach diagnose disable disassociate disconnect discard download drain du edit enable encrypt ensure erase evict exec execute explain export failover feedback find finish flush force generalize generate get grant hash ignore import init initialize insert install interactive invalidate invoke issue join kill launch leave link load login logout ls mark mb merge migrate modify mount move mv open pause perform power predict print promote provision publish pull purge push put query raw reactivate reboot recover recreate redeploy refresh regenerate register reimage reject release remediate remove rename renew repair replace request rerun reschedule reset resize resolve respond rest restart restore resume retry revert revoke rm rollback rolling rotate rsync run scale scp search seek send set sftp shell shutdown sign simulate ssh start stop submit suspend swap switch sync tail terminate trigger unassign unbind undelete undeploy uninstall unlink unlock unmount unregister unset untag unwrap up update upgrade upload upsert use wait wipe wrap write'.split(
    ' ',
  ),
);

/** What only those may see who are meant to: a command about it is known by its whole text or not at all. */
const IS_SECRET =
  /(?:^|-)(?:secrets?|(?:api|auth|access|account)?keys?|cred(?:ential)?s?|app-?settings?|connection-?strings?|tokens?|pass(?:word|wd|phrase|code)s?|publishing-profiles?|auth|sas)(?:-|$)/;
const SECRET: Node = {
  by: 'whole',
  words: 0,
  check: undefined,
  isOpen: true,
  next: undefined,
  open: NONE_OPEN,
};

/** What follows for this word, if it goes on to say which command is meant. */
function nextOf(node: Node, word: string | undefined): Node | undefined {
  const listed = node.next?.get(word ?? '');
  if (listed !== undefined || node.open === NONE_OPEN || word === undefined) return listed;
  if (!IS_NAME.test(word)) return undefined;
  const known = node.open.find(([start, end]) => word.startsWith(start) && word.endsWith(end));
  if (known === undefined || (known[0] === '' && DOES_SOMETHING.has(word.split('-', 1)[0]))) return undefined;
  return IS_SECRET.test(word) ? SECRET : known[2];
}

/** The guard of a program by its own name. */
export function guardFor(program: string): KnownGuard | undefined {
  return guards.get(program) ?? guards.get(withoutVersion(program));
}

/** `python3.12` is python, `clang-18` is clang. */
export function withoutVersion(program: string): string {
  return program.replace(/[-.]?\d[\d.]*$/, '');
}

/** Whether no rule at all may cover what a program is given. */
export function coversNothing(known: KnownGuard | undefined, argv: readonly string[]): boolean {
  return known?.kind === 'never' && known.root?.next?.has(argv[1]) !== true;
}

/** Words after the program's name that mean nothing, so that a rule need not name them: `git --no-pager log`. */
export function withoutSkipped(known: KnownGuard | undefined, argv: readonly string[]): readonly string[] {
  if (known?.skipped === undefined || argv.length < 2 || argv[1].charCodeAt(0) !== 0x2d) return argv;
  let from = 1;
  for (let taken = skippedAt(known, argv, from); taken > 0; taken = skippedAt(known, argv, from))
    from += taken;
  return from === 1 ? argv : [argv[0], ...argv.slice(from)];
}

const NAMES_SOMETHING = /^\w[\w.-]*$/;

/** How many words at this place mean nothing. */
function skippedAt({ skipped, skippedValues }: KnownGuard, argv: readonly string[], at: number): number {
  const word = argv[at];
  if (word === undefined) return 0;
  if (skipped?.has(word)) return 1;
  if (skippedValues.has(word)) return NAMES_SOMETHING.test(argv[at + 1] ?? '') ? 2 : 0;
  const equals = word.indexOf('=');
  if (equals === -1 || !skippedValues.has(word.slice(0, equals))) return 0;
  return NAMES_SOMETHING.test(word.slice(equals + 1)) ? 1 : 0;
}

/** Whether words from this place on change what the rule says with such an option; the last one given is what holds. */
export function overridesRule(known: KnownGuard | undefined, argv: readonly string[], from: number): boolean {
  if (known === undefined) return false;
  const { overriding } = known;
  return argv.slice(from).some((word) => {
    if (word.startsWith('--')) return overriding.has(word.split('=', 1)[0]);
    // Letters may stand together, and a value may follow at once: `-wA`, `-nprod`.
    return word.startsWith('-') && [...word.slice(1)].some((letter) => overriding.has(`-${letter}`));
  });
}

/**
 * Why a command that a rule matches by prefix does not pass, or nothing. `subcommands` are those the rule covers besides
 * what its words say.
 */
export function refusalOf(
  known: KnownGuard | undefined,
  argv: readonly string[],
  saying: Saying,
  subcommands: ReadonlySet<string>,
): string | undefined {
  if (known === undefined) return refusalOfUnknown(argv, saying);
  const { kind, why, root, queries } = known;
  if (argv.length === 2 && queries.has(argv[1])) return undefined;
  if (coversNothing(known, argv)) return why;
  // Who wrote the whole command into a rule, and not only which one it is, has thought of every word of it.
  const { length } = saying.words;
  const isWhole = length > 1 && length === argv.length && length > wordsThatName(known, argv);
  if (isWhole && kind !== 'never') return undefined;
  return root === undefined ? why : walk(root, argv, saying, subcommands);
}

function walk(
  root: Node,
  argv: readonly string[],
  saying: Saying,
  subcommands: ReadonlySet<string>,
): string | undefined {
  let node = root;
  let index = 1;
  for (let next = nextOf(node, argv[1]); next !== undefined; next = nextOf(node, argv[index])) {
    if (next.by === 'whole')
      return `\`${pathTo(argv, index)}\` needs a rule that spells out the whole command`;
    if (next.by === 'subcommand' && saying.words.length <= index && !subcommands.has(pathTo(argv, index)))
      return `\`${pathTo(argv, index)}\` needs a rule that names it`;
    node = next;
    index++;
  }
  if (saying.words.length < node.words && !subcommands.has(pathTo(argv, node.words - 1)))
    return `\`${pathTo(argv, node.words - 1)}\` needs a rule that names it`;
  if (node.check !== undefined)
    return (
      node.check.refusal(argv, index, saying) ?? (node.isOpen ? misplaced(argv, index, saying) : undefined)
    );
  return index < argv.length
    ? `\`${argv[index]}\` is not among what passes by prefix`
    : `\`${argv.join(' ')}\` alone needs a rule that spells out the whole command`;
}

const TAKES_A_VALUE = /^--(?!no-)[a-z][a-z0-9-]*$/;
const IDENTIFIER = kindOf('cloudid');

/**
 * The options of what is known by the beginning of its name are not, and neither is whether it writes to a file that it
 * is given as an operand. So one word passes right after an option, and what follows that if it can only mean a thing.
 */
function misplaced(argv: readonly string[], from: number, { words, accepted }: Saying): string | undefined {
  for (let index = Math.max(from, words.length); index < argv.length; index++) {
    const word = argv[index];
    if (word.startsWith('-') || accepted.has(word) || isOfKind(IDENTIFIER, word)) continue;
    if (index === from || !TAKES_A_VALUE.test(argv[index - 1]))
      return `\`${word}\` does not come right after the option it could be the value of`;
  }
  return undefined;
}

function pathTo(argv: readonly string[], index: number): string {
  return argv.slice(1, index + 1).join(' ');
}

/** How many words of a command say which subcommand is meant: `docker container ls` are three. */
export function wordsThatName(known: KnownGuard | undefined, argv: readonly string[]): number {
  let node = known?.root && nextOf(known.root, argv[1]);
  let words = 1;
  for (let place = 1; node !== undefined; node = nextOf(node, argv[++place]))
    // What is only known by its beginning says which command is meant if something is known of that.
    if (node.check !== undefined || !node.isOpen) words = place + 1;
  return words;
}

/**
 * The words with one letter of those that stand together at a place said once more in front of them, `-nE` as `-n -nE`,
 * if the program takes all letters before it, and itself, for options without a value.
 */
export function withLetterBefore(
  known: KnownGuard | undefined,
  argv: readonly string[],
  place: number,
  isMeant: (option: string) => boolean,
): readonly string[] | undefined {
  let node = known?.root;
  for (let index = 1; node !== undefined && index < place; index++) node = nextOf(node, argv[index]) ?? node;
  const word = argv[place];
  const flags = node?.check?.flagsTogether(word) ?? 0;
  for (let at = 1; at <= flags; at++) {
    const option = `-${word[at]}`;
    if (isMeant(option)) return [...argv.slice(0, place), option, ...argv.slice(place)];
  }
  return undefined;
}

export function guardedPrograms(): ReadonlySet<string> {
  return new Set(guards.keys());
}
