import {
  forEachChild,
  type Assignment,
  type Command,
  type CommandNode,
  type For,
  type PipelineNode,
  type Redirected,
  type Redirection,
  type Script,
  type SyntaxNode,
  type Word,
} from 'unbash';
import {
  FoundCommand,
  MAX_SEGMENTS,
  NO_REDIRECTS,
  NOTHING_HANDED,
  TOO_MANY,
  type FoundRedirect,
  type Surroundings,
} from '../commands/found-command.js';
import { TOO_COMPLEX } from './script.js';
import { ALL_SIGNS, Sign, signsIn } from './signs.js';
import { valueOf } from './word-value.js';

const MAX_NODES = 20_000;
/** Of all that is filled in for variables and arguments, which may be made of each other: `f0 $@ $@`, `f1 $@ $@`, … */
const MAX_FILLED_IN = 16_000;
const MAX_SUBSTITUTIONS_IN_EACH_OTHER = 12;

/** Where in the script the search is. */
class Place implements Surroundings {
  constructor(
    readonly depth: number,
    readonly pipeline: FoundCommand[] | undefined,
    /** The command one of whose words holds the substitution being looked at. */
    readonly feeds: FoundCommand | undefined,
    readonly definition: string | undefined,
    readonly inBackground: boolean,
    readonly subshell: object | undefined = undefined,
  ) {}
}

function inBackground({ depth, pipeline, feeds, definition, subshell }: Place): Place {
  return new Place(depth, pipeline, feeds, definition, true, subshell);
}

function inSubshell({ depth, pipeline, feeds, definition, inBackground }: Place, shell: object): Place {
  return new Place(depth, pipeline, feeds, definition, inBackground, shell);
}

/**
 * Every command anywhere in a script, whether it would run or not; `runBy` is the command that is given the script, if
 * any. Throws `NotAnalysable`.
 */
export function findCommands(script: Script, runBy?: FoundCommand): FoundCommand[] {
  const search = new CommandSearch(runBy);
  search.visit(script, new Place(0, undefined, undefined, undefined, false));
  return search.found;
}

export class NotAnalysable extends Error {}

class CommandSearch {
  readonly found: FoundCommand[] = [];
  private nodes = 0;
  private filled = 0;
  /** How many of the commands were found in functions as they are called. */
  private called = 0;
  /** Variables that the script itself sets to something literal. */
  private set: Map<string, string> | undefined;
  /** Those of them that take one word after another, so that each stands for itself also in quotes. */
  private loops: Set<string> | undefined;
  /** What gives variables a value that is only known when it runs: `x=$(curl …)`, `for x in $(curl …)`. */
  private sources: Map<string, readonly SyntaxNode[]> | undefined;

  /** The bodies of functions, and the arguments of the one being called. */
  private functions: Map<string, SyntaxNode> | undefined;
  private given: readonly string[] | undefined;
  private givenIsUsed = false;

  constructor(private readonly runBy: FoundCommand | undefined) {}

  private count(nodes: number): void {
    this.nodes += nodes;
    if (this.nodes > MAX_NODES) throw new NotAnalysable(TOO_COMPLEX);
  }

  /** What is put into a word, as long as there is not too much of it. */
  private fill(text: string): string {
    this.filled += text.length;
    if (this.filled > MAX_FILLED_IN) throw new NotAnalysable(TOO_COMPLEX);
    return text;
  }

  visit(node: SyntaxNode, place: Place): void {
    this.count(1);
    switch (node.type) {
      case 'Script':
        return this.script(node, place);
      case 'Statement':
        return this.visit(node.command, node.background === true ? inBackground(place) : place);
      case 'Command':
        return this.command(node, place);
      case 'AndOr':
        return this.stages(node.commands, place);
      case 'Pipeline':
        return this.stages(
          node.commands,
          new Place(place.depth, [], place.feeds, place.definition, place.inBackground, place.subshell),
        );
      case 'Function':
        this.children(node, new Place(place.depth, undefined, place.feeds, node.name.value, false, node));
        (this.functions ??= new Map()).set(node.name.value, node.body);
        return;
      case 'Assignment':
        this.remember(node);
        return this.children(node, place);
      case 'For':
        this.rememberLoop(node);
        return this.children(node, place);
      case 'Word':
        return this.word(node, place);
      case 'Subshell':
        return this.children(node, inSubshell(place, node));
      case 'Redirected':
        return this.redirected(node, place);
      default:
        return this.children(node, place);
    }
  }

  /**
   * `done < file`, `{ …; } > file`: what a compound command is redirected to counts like a command's own, and what it is
   * redirected from becomes its input: `done < <(curl …)`.
   */
  private redirected(node: Redirected, place: Place): void {
    const redirects: FoundRedirect[] = [];
    for (const redirect of node.redirects) this.addRedirect(redirect, redirects);
    const found = new FoundCommand(NOTHING, ALL_SIGNS, redirects, NOTHING_HANDED, place, this.runBy);
    this.found.push(found);
    const { depth, definition, inBackground, subshell } = place;
    const feeding = new Place(depth, undefined, found, definition, inBackground, subshell);
    forEachChild(node, (child) => this.visit(child, child === node.command ? place : feeding));
  }

  private remember({ name, value }: Assignment): void {
    const set = (this.set ??= new Map());
    (this.sources ??= new Map()).set(name, [value]);
    if (value.type === 'Word') set.set(name, value.value);
    else if (value.type === 'ArrayValue')
      set.set(name, value.elements.map((element) => ('value' in element ? element.value : '')).join(' '));
  }

  private rememberLoop({ name, wordlist }: For): void {
    if (wordlist === undefined) return;
    (this.set ??= new Map()).set(name.value, wordlist.map(({ value }) => value).join(' '));
    (this.loops ??= new Set()).add(name.value);
    (this.sources ??= new Map()).set(name.value, wordlist);
  }

  /** Where the value of a variable comes from, when a command is called by that variable; told once. */
  private takeSources(name: Word): readonly SyntaxNode[] {
    if (this.sources === undefined) return NO_SOURCES;
    const variable = CALLED_BY_VARIABLE.exec(name.text)?.[1];
    const sources = variable === undefined ? undefined : this.sources.get(variable);
    if (variable === undefined || sources === undefined) return NO_SOURCES;
    this.sources.delete(variable);
    return sources;
  }

  private children(node: SyntaxNode, place: Place): void {
    forEachChild(node, (child) => this.visit(child, place));
  }

  private script(node: Script & { errors?: readonly { message: string }[] }, place: Place): void {
    const error = node.errors?.[0];
    if (error) throw new NotAnalysable(`It is not complete shell syntax: ${error.message}.`);
    if (place.depth > MAX_SUBSTITUTIONS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    const { depth, feeds, definition, inBackground, subshell } = place;
    const within = feeds === undefined ? subshell : node;
    const inside = new Place(depth + 1, undefined, feeds, definition, inBackground, within);
    for (const statement of node.commands) this.visit(statement, inside);
  }

  private stages(commands: readonly (CommandNode | PipelineNode)[], place: Place): void {
    for (const command of commands) this.visit(command, place);
  }

  /** The parts of a word are only looked at when there can be something in them. */
  private word(node: Word, place: Place): void {
    if ((signsIn(node.text) & Sign.Expansion) !== 0) this.children(node, place);
  }

  private command(node: Command, place: Place): void {
    const { name, prefix, suffix } = node;
    const argv: string[] = [];
    let redirects: FoundRedirect[] | undefined;
    let handed = NOTHING_HANDED;
    let signs = 0;
    // Other words than those that stand there may come of the first one.
    if (name !== undefined && (this.addValues(name, argv) & (Sign.Expansion | Sign.Brace)) !== 0)
      signs = ALL_SIGNS;
    if (argv.length > 0) argv[0] = withoutUnknown(argv[0]);
    const isAlias = argv[0] === 'alias';
    // What is inside words is looked at afterwards, if there is anything: the command itself comes first.
    let mayHoldMore = prefix.length > 0;
    for (const item of prefix)
      if (item.type === 'Assignment') handed = withHanded(handed, item, false);
      else signs |= this.addRedirect(item, (redirects ??= []));
    for (const item of suffix) {
      if (item.type === 'Word') signs |= this.addValues(item, argv);
      // `export A=b` has assignments among its arguments; they are arguments to whoever runs it.
      else if (item.type === 'Assignment') {
        argv.push(item.text);
        handed = withHanded(handed, item, isAlias);
        signs |= signsIn(item.text);
        mayHoldMore = true;
      } else signs |= this.addRedirect(item, (redirects ??= []));
    }
    if ((signs & Sign.Expansion) !== 0) {
      // What is filled in may have any sign.
      signs = ALL_SIGNS;
      mayHoldMore = true;
    }
    const { pipeline, definition, inBackground, depth, subshell } = place;
    const found = new FoundCommand(argv, signs, redirects ?? NO_REDIRECTS, handed, place, this.runBy);
    pipeline?.push(found);
    if (argv.length > 0 || found.redirects.length > 0 || handed.length > 0) this.found.push(found);
    if (this.given !== undefined) this.called++;
    if (this.found.length - this.called > MAX_SEGMENTS || this.called > MAX_SEGMENTS)
      throw new NotAnalysable(TOO_MANY);
    if (this.functions !== undefined && argv.length > 1) this.call(argv, place);
    if (!mayHoldMore) return this.count(suffix.length + 1);
    const inside = new Place(depth, undefined, found, definition, inBackground, subshell);
    if (name !== undefined) {
      this.visit(name, inside);
      for (const source of this.takeSources(name)) this.visit(source, inside);
    }
    for (const item of prefix) this.visit(item, inside);
    for (const item of suffix) this.visit(item, inside);
  }

  /**
   * A function that is called with arguments is looked at with them: `f() { rm -rf "$1"; }; f /`. Once is enough for one
   * that does nothing with them, and what it calls in turn is not the function itself.
   */
  private call([name, ...given]: readonly string[], place: Place): void {
    const body = this.functions?.get(name);
    if (body === undefined) return;
    this.functions?.delete(name);
    const before = this.given;
    const wasUsed = this.givenIsUsed;
    this.given = given;
    this.givenIsUsed = false;
    this.visit(body, new Place(place.depth, undefined, place.feeds, undefined, place.inBackground, body));
    if (this.givenIsUsed && this.functions?.has(name) === false) this.functions.set(name, body);
    this.given = before;
    this.givenIsUsed = wasUsed;
  }

  /** `$1`, `${@}`: the arguments of the function, if one is being called. */
  private argumentsIn(whole: string): string {
    if (this.given === undefined) return '';
    this.givenIsUsed = true;
    const number = /[1-9]/.exec(whole)?.[0];
    return number === undefined ? this.given.join(' ') : (this.given[Number(number) - 1] ?? '');
  }

  private filledIn(value: string): string {
    if (!MAY_BE_KNOWN.test(value)) return value;
    return value
      .replace(EMPTY, (whole) => this.fill(this.argumentsIn(whole)))
      .replace(PRINTED, '$<quoted>$<text>')
      .replace(
        VARIABLE,
        (
          whole: string,
          braced: string | undefined,
          otherwise: string | undefined,
          bare: string | undefined,
        ) => this.fill(this.valueSet(braced ?? bare ?? '') ?? otherwise ?? whole),
      );
  }

  /** What parts the words of a variable, which the script itself may have set. */
  private separators(): RegExp {
    const own = this.set?.get('IFS');
    return own === undefined || own === '' ? /\s+/ : new RegExp(`[\\s${own.replace(/[\\\]^-]/g, '\\$&')}]+`);
  }

  private isOfLoop(value: string): boolean {
    const name = /^\$\{?(\w+)\}?$/.exec(value)?.[1];
    return name !== undefined && this.loops?.has(name) === true;
  }

  private valueSet(name: string): string | undefined {
    return name === 'IFS' ? ' ' : this.set?.get(name);
  }

  /** Answers the signs of what is added; there may be commands in a here-document. */
  private addRedirect(redirect: Redirection, redirects: FoundRedirect[]): number {
    if (redirect.type === 'HereDoc') {
      redirects.push({ operator: '<<', target: redirect.body.text });
      return ALL_SIGNS;
    }
    const { target, operator } = redirect;
    if (target === undefined) return 0;
    const signs = signsIn(target.text);
    redirects.push({ operator, target: this.filledIn(valueOf(target, signs)) });
    return signs;
  }

  /**
   * A word as the loose pass sees it: what the script itself fills in is filled in, several words in one are parted.
   * Answers its signs.
   */
  private addValues(word: Word, argv: string[]): number {
    const { text } = word;
    const signs = signsIn(text);
    if ((signs & (Sign.Expansion | Sign.Quote | Sign.Brace)) === 0) argv.push(text);
    else this.addParts(valueOf(word, signs), text, argv);
    return signs;
  }

  private addParts(value: string, text: string, argv: string[]): void {
    if (value.includes('$') || value.includes('`')) {
      const known = this.filledIn(value);
      const isSplit =
        known !== value && (!text.startsWith('"') || /\[@\]|\$\{?@/.test(value) || this.isOfLoop(value));
      const parts = isSplit ? known.split(this.separators()) : [known];
      this.count(parts.length);
      for (const part of parts) if (part !== '') argv.push(part);
      return;
    }
    const braces = text === value ? braceList(text) : undefined;
    if (braces === undefined) {
      argv.push(value);
      return;
    }
    const { before, list, after } = braces;
    const parts = list.split(',');
    this.count(parts.length);
    for (const part of parts) argv.push(this.fill(before + part + after));
  }
}

/** The last `{a,b}` of a word that has no other in it. By hand, because a pattern looks at each comma for each brace. */
function braceList(text: string): { before: string; list: string; after: string } | undefined {
  let end = text.length;
  for (
    let open = text.lastIndexOf('{');
    open !== -1;
    open = open === 0 ? -1 : text.lastIndexOf('{', open - 1)
  ) {
    const close = text.indexOf('}', open);
    if (close !== -1 && close < end) {
      const list = text.slice(open + 1, close);
      if (list.includes(',')) return { before: text.slice(0, open), list, after: text.slice(close + 1) };
    }
    end = open;
  }
  return undefined;
}

/** Without arguments to the script or the function these are nothing, so that `d$@d` is `dd`; nor is what no command prints. */
const EMPTY = /\$(?:[@*1-9]|\{[@*1-9]\})|\$\(\s*\)|``/g;
/**
 * `$(echo rm)`, also in backticks: what is printed is known. Blanks are taken all at once, or every way of sharing them
 * among the parts would be tried.
 */
const PRINTED =
  /(?:\$\(|`)\s*(?:echo|printf)\s+(?!\s)(?:-[neE]+\s+(?!\s))?(?:["']?%s(?:\\n)?["']?\s+(?!\s))?(?:(["'])(?<quoted>[^"'`$()\\]*)\1\s*|(?<text>[^"'`$()\\]*))[)`]/g;
/** Whether one of the three may find something. */
const MAY_BE_KNOWN = /\$[\w@*{]|\$\(\s*(?:\)|echo|printf)|`(?:`|\s*(?:echo|printf))/;
const VARIABLE = /\$(?:\{(\w+)(?::?[-=+]([^}"'`$]*)|[^\w}][^}]*)?\}|(\w+))/g;

/** Variables in the name of a program that nothing is known of are most likely empty: `r${x}m`. */
function withoutUnknown(name: string): string {
  if (!name.includes('$')) return name;
  const known = name.replace(/\$(?:\{\w+\}|\w+)/g, '');
  return /^[\w./-]+$/.test(known) ? known : name;
}

/** Variables that programs take a command from. */
const HOLDS_A_COMMAND =
  /^(?:PAGER|MANPAGER|EDITOR|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|PROMPT_COMMAND|PS[0-4]|BASH_ENV|ENV|SHELL|RSYNC_RSH|CVS_RSH|SVN_SSH|GIT_\w+|\w+_ASKPASS|\w+PAGER|\w+EDITOR|\w+COMMAND)$/;

function withHanded(
  handed: readonly string[],
  { name, value }: Assignment,
  isAlias: boolean,
): readonly string[] {
  const isCommand = value.type === 'Word' && (isAlias || HOLDS_A_COMMAND.test(name));
  return isCommand ? [...handed, value.value] : handed;
}

const NOTHING: readonly string[] = [];
const NO_SOURCES: readonly SyntaxNode[] = [];
/** `$x`, `${x}`, `"${x[@]}"` as the name of a program. */
const CALLED_BY_VARIABLE = /^"?\$\{?(\w+)/;
