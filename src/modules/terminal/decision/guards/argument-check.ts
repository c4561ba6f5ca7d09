import type { Arguments } from './guard.js';
import { describeKind, isOfKind, kindOf, type PreparedKind } from './word-kinds.js';

/** What a rule that matched by prefix says itself, as far as guards ask. */
export interface Saying {
  /** The words of the rule, which are the first words of the command. */
  readonly words: readonly string[];
  /** Arguments that this rule accepts exactly as they are. */
  readonly accepted: ReadonlySet<string>;
}

type Role = 'flag' | 'value' | 'pair' | 'optional' | 'said' | 'refused';

interface KnownOption {
  readonly name: string;
  readonly role: Role;
  readonly kind: PreparedKind | undefined;
  readonly why: string | undefined;
}

/** What is read for every argument: all members are always there, since reading what is only sometimes there is slow. */
interface PreparedArguments {
  /** What an option that is not listed must look like in order to pass. */
  readonly unlisted: PreparedKind | undefined;
  readonly numbers: boolean;
  readonly areOptionsWords: boolean;
  readonly operands: PreparedKind | undefined;
  readonly first: PreparedKind | undefined;
  readonly atMost: number;
  readonly closed: boolean;
  readonly beside: PreparedKind | undefined;
  readonly bundled: boolean;
  readonly unattached: boolean;
  readonly optionFiles: boolean;
  readonly afterDashes: PreparedKind | undefined;
  readonly rest: PreparedKind | undefined;
}

/** Whether a word gives an option: letters that stand together may be read in more than one way. */
const Given = { No: 0, Perhaps: 1, Surely: 2 } as const;
type Given = (typeof Given)[keyof typeof Given];

function prepared(spec: Arguments): PreparedArguments {
  return {
    unlisted: spec.unlisted === 'ask' || spec.unlisted === 'pass' ? undefined : kindOf(spec.unlisted),
    numbers: spec.numbers === true,
    areOptionsWords: spec.style === 'words',
    operands: kindOf(spec.operands),
    first: kindOf(spec.first?.kind),
    atMost: spec.atMost ?? Number.MAX_SAFE_INTEGER,
    closed: spec.closed === true,
    beside: kindOf(spec.beside),
    bundled: spec.bundled === true,
    unattached: spec.unattached === true,
    optionFiles: spec.optionFiles === true,
    afterDashes: kindOf(spec.afterDashes),
    rest: kindOf(spec.rest),
  };
}

/** Arguments, prepared for checking one command after another. */
export class ArgumentCheck {
  /** A name may have two roles, `--cov` and `--cov=src`: the first is for the name alone, the second for `name=value`. */
  private readonly alone = new Map<string, KnownOption>();
  private readonly attached = new Map<string, KnownOption>();
  private readonly letters: (KnownOption | undefined)[] = new Array<undefined>(128).fill(undefined);
  private readonly needed: readonly string[];
  private readonly onlyWith: readonly (readonly [string, readonly string[]])[];
  private readonly neverWith: readonly (readonly [string, readonly string[]])[];
  private readonly unlessFirst: readonly string[];
  private readonly passesUnlisted: boolean;
  /** Whether there is an option such as `-vv`: some programs also know words after one dash. */
  private knowsShortWords = false;

  private readonly spec: PreparedArguments;

  constructor(spec: Arguments) {
    this.spec = prepared(spec);
    this.needed = split(spec.needs);
    this.onlyWith = [...byName(spec.onlyWith)].map(([name, others]) => [name, split(others)]);
    this.neverWith = [...byName(spec.neverWith)].map(([name, others]) => [name, split(others)]);
    this.unlessFirst = split(spec.first?.unless);
    this.passesUnlisted = spec.unlisted !== undefined && spec.unlisted !== 'ask';
    const kinds = byName(spec.kinds);
    // What is listed as passing wins over what is refused, so that one list of refusals serves many subcommands.
    for (const name of split(spec.flags)) this.know(name, 'flag', undefined);
    for (const name of split(spec.values)) this.know(name, 'value', kindOf(kinds.get(name)));
    for (const name of split(spec.pairs)) this.know(name, 'pair', undefined);
    for (const name of split(spec.optional)) this.know(name, 'optional', kindOf(kinds.get(name)));
    for (const name of split(spec.said)) this.know(name, 'said', undefined);
    for (const [name, why] of byName(spec.refused)) this.know(name, 'refused', undefined, why);
  }

  private know(name: string, role: Role, kind: PreparedKind | undefined, why?: string): void {
    const option = { name, role, kind, why };
    if (!this.alone.has(name)) this.alone.set(name, option);
    if (role !== 'flag' && role !== 'said' && !this.attached.has(name)) this.attached.set(name, option);
    if (name.length === 2 && name[0] === '-') this.letters[name.charCodeAt(1)] ??= option;
    if (name.length > 2 && name[1] !== '-') this.knowsShortWords = true;
  }

  /** Why the arguments from a position on do not pass, or nothing. */
  refusal(argv: readonly string[], from: number, saying: Saying): string | undefined {
    const { spec } = this;
    let operands = 0;
    let optionsEnd = argv.length;
    for (let index = from; index < argv.length; index++) {
      const word = argv[index];
      if (saying.accepted.size > 0 && saying.accepted.has(word)) continue;
      if (index < optionsEnd && word.charCodeAt(0) === 0x2d && word.length > 1) {
        // Where options are words, `--` does not end them: `find -- . -delete` deletes.
        if (word === '--' && !spec.areOptionsWords) {
          optionsEnd = index;
          if (spec.afterDashes === undefined) continue;
          return (
            this.refusalOfRest(argv, index + 1, spec.afterDashes) ?? this.missing(argv, from, optionsEnd)
          );
        }
        const outcome = this.option(argv, index, saying);
        if (typeof outcome === 'string') return outcome;
        index += outcome;
        continue;
      }
      if (spec.bundled && index === from) {
        const outcome = this.bundle(word, argv, index, saying);
        if (typeof outcome === 'string') return outcome;
        index += outcome;
        continue;
      }
      if (index > optionsEnd && word.charCodeAt(0) === 0x2d && !this.passesUnlisted)
        return `\`${word}\` looks like an option and comes after \`--\``;
      const elsewhere =
        operands === 0 && spec.first !== undefined ? this.firstElsewhere(argv, from) : Given.Surely;
      const fault = this.operand(word, operands++, elsewhere, index, saying);
      if (fault !== undefined) return fault;
      if (spec.rest !== undefined)
        return this.refusalOfRest(argv, index + 1, spec.rest) ?? this.missing(argv, from, optionsEnd);
    }
    return this.missing(argv, from, optionsEnd);
  }

  /** How many letters at the beginning of a word such as `-nE` are options without a value, where letters may stand together. */
  flagsTogether(word: string): number {
    if (this.spec.areOptionsWords || !/^-[A-Za-z]{2,}$/.test(word)) return 0;
    let at = 1;
    while (at < word.length && this.letters[word.charCodeAt(at)]?.role === 'flag') at++;
    return at - 1;
  }

  private refusalOfRest(argv: readonly string[], from: number, kind: PreparedKind): string | undefined {
    for (let index = from; index < argv.length; index++) {
      if (this.isOptionFile(argv[index])) return optionFile(argv[index]);
      if (!isOfKind(kind, argv[index])) return about(argv[index], kind);
    }
    return undefined;
  }

  private missing(argv: readonly string[], from: number, end: number): string | undefined {
    for (const [option, others] of this.onlyWith)
      if (this.given(argv, from, end, [option]) !== Given.No && !this.isGiven(argv, from, end, others))
        return `\`${option}\` needs one of ${others.join(' ')}, or it does something else`;
    for (const [option, others] of this.neverWith)
      if (
        this.given(argv, from, end, [option]) !== Given.No &&
        this.given(argv, from, end, others) !== Given.No
      )
        return `\`${option}\` beside one of ${others.join(' ')} means something else`;
    if (this.needed.length === 0 || this.isGiven(argv, from, end, this.needed)) return undefined;
    return `one of ${this.needed.join(' ')} is needed, or it may start an editor, a pager or more than is asked for`;
  }

  private operand(
    word: string,
    position: number,
    elsewhere: Given,
    index: number,
    saying: Saying,
  ): string | undefined {
    if (index < saying.words.length) return undefined; // the rule itself says it
    const { first, operands, atMost, closed, beside } = this.spec;
    if (closed && saying.words.length > 1 && !(beside !== undefined && isOfKind(beside, word)))
      return `\`${word}\` is more than the rule names`;
    if (position >= atMost) return `\`${word}\` is one argument too many`;
    if (this.isOptionFile(word)) return optionFile(word);
    // What may be either of the two has to pass as both.
    if (elsewhere !== Given.Surely && first !== undefined && !isOfKind(first, word))
      return about(word, first);
    if (elsewhere !== Given.No && operands !== undefined && !isOfKind(operands, word))
      return about(word, operands);
    return undefined;
  }

  /** Whether what the first operand would say is said by an option, which may also come later, but not after `--`. */
  private firstElsewhere(argv: readonly string[], from: number): Given {
    const { unlessFirst } = this;
    if (unlessFirst.length === 0) return Given.No;
    const end = argv.indexOf('--', from);
    return this.given(argv, from, end === -1 ? argv.length : end, unlessFirst);
  }

  private isGiven(argv: readonly string[], from: number, end: number, names: readonly string[]): boolean {
    return this.given(argv, from, end, names) === Given.Surely;
  }

  private given(argv: readonly string[], from: number, end: number, names: readonly string[]): Given {
    let given: Given = Given.No;
    for (let index = from; index < end; index++) {
      const word = argv[index];
      for (const name of names) {
        const here = this.givenBy(word, name);
        if (here === Given.Surely) return here;
        if (here === Given.Perhaps) given = here;
      }
    }
    return given;
  }

  /**
   * Letters that stand together are options as far as all before them are known to take no value. Behind one that takes a
   * value, or of which nothing is known, a letter may be part of a value, and with another version of the program it may
   * not. The beginning of a long name may be that name.
   */
  private givenBy(word: string, name: string): Given {
    const ownName = nameIn(word);
    if (ownName === name) return Given.Surely;
    if (word.charCodeAt(0) !== 0x2d || word.length < 3) return Given.No;
    if (name.length > 2)
      return name.charCodeAt(1) === 0x2d && ownName.length > 2 && name.startsWith(ownName)
        ? Given.Perhaps
        : Given.No;
    if (word.charCodeAt(1) === 0x2d || this.spec.areOptionsWords) return Given.No;
    const letter = name.charCodeAt(1);
    for (let at = 1; at < word.length; at++) {
      const code = word.charCodeAt(at);
      if (code === letter) return Given.Surely;
      const role = this.letters[code]?.role;
      if (role !== 'flag' && role !== 'said') return word.includes(name[1], at) ? Given.Perhaps : Given.No;
    }
    return Given.No;
  }

  private isSaid(name: string, { words }: Saying): boolean {
    return words.some((word) => this.givenBy(word, name) === Given.Surely);
  }

  private isOptionFile(value: string): boolean {
    return this.spec.optionFiles && value.charCodeAt(0) === 0x40;
  }

  /** How many further arguments the option takes with it, or why it does not pass. */
  private option(argv: readonly string[], index: number, saying: Saying): number | string {
    const word = argv[index];
    const isLong = word.charCodeAt(1) === 0x2d;
    if (this.spec.numbers && /^-\d+$/.test(word)) return 0;
    if (this.spec.areOptionsWords) return this.long(isLong ? word.slice(1) : word, argv, index, saying);
    return isLong ? this.long(word, argv, index, saying) : this.cluster(word, argv, index, saying);
  }

  private long(word: string, argv: readonly string[], index: number, saying: Saying): number | string {
    const equals = word.indexOf('=');
    const name = equals === -1 ? word : word.slice(0, equals);
    const option = (equals === -1 ? this.alone : this.attached).get(name);
    switch (option?.role) {
      case 'flag':
        return 0;
      case 'pair':
        return equals === -1 && index + 2 < argv.length ? 2 : notListed(word);
      case 'optional':
        return equals === -1 ? 0 : (this.refusalOfValue(option, word.slice(equals + 1)) ?? 0);
      case 'value':
        return equals === -1
          ? this.next(option, argv, index)
          : (this.refusalOfValue(option, word.slice(equals + 1)) ?? 0);
      case 'refused':
        return `\`${name}\` ${option.why}`;
    }
    // A whole `name=value` may be listed or said as it is.
    const whole = this.alone.get(word);
    if (whole?.role === 'flag' || (whole?.role === 'said' && saying.words.includes(word))) return 0;
    if (!this.passesUnlisted) return notListed(name);
    // Programs accept shortened names, so the beginning of a refused one is that one.
    for (const [known, { role, why }] of this.alone)
      if (role === 'refused' && name.length > 2 && known.startsWith(name))
        return `\`${name}\` may mean \`${known}\`, which ${why}`;
    return this.refusalOfUnlisted(word) ?? 0;
  }

  /** Without a dash, letters take their values from the following arguments: one that does must be the last. */
  private bundle(word: string, argv: readonly string[], index: number, saying: Saying): number | string {
    const first = [...word].findIndex((letter) => this.letters[letter.charCodeAt(0)]?.role !== 'flag');
    const isSaidWhole = index < saying.words.length;
    if (first !== -1 && first < word.length - 1 && !isSaidWhole) return notListed(word);
    return this.cluster(
      `-${word}`,
      argv,
      index,
      isSaidWhole ? { ...saying, words: [...saying.words, `-${word}`] } : saying,
    );
  }

  private cluster(word: string, argv: readonly string[], index: number, saying: Saying): number | string {
    if (this.knowsShortWords && word.length > 2 && this.alone.get(word)?.role === 'flag') return 0;
    for (let at = 1; at < word.length; at++) {
      const option = this.letters[word.charCodeAt(at)];
      switch (option?.role) {
        case 'flag':
          continue;
        case 'value':
          if (at === word.length - 1) return this.next(option, argv, index);
          if (this.spec.unattached && !/^\d+$/.test(word.slice(at + 1))) return notListed(word);
          return this.refusalOfValue(option, word.slice(word[at + 1] === '=' ? at + 2 : at + 1)) ?? 0;
        case 'optional':
          return at === word.length - 1 ? 0 : (this.refusalOfValue(option, word.slice(at + 1)) ?? 0);
        case 'said':
          if (this.isSaid(option.name, saying)) continue;
          return notListed(option.name);
        case 'refused':
          return `\`${option.name}\` ${option.why}`;
      }
      if (!this.passesUnlisted) return notListed(`-${word[at]}`);
      const fault = this.refusalOfUnlisted(word);
      if (fault !== undefined) return fault;
    }
    return 0;
  }

  private next(option: KnownOption, argv: readonly string[], index: number): number | string {
    const value = argv[index + 1];
    if (value === undefined) return `\`${option.name}\` lacks its value`;
    // Were it not a value after all, it would be an option nobody looked at.
    if (value.charCodeAt(0) === 0x2d && value.length > 1 && !isMeantAsValue(value, option.kind))
      return `the value of \`${option.name}\` looks like an option`;
    return this.refusalOfValue(option, value) ?? 1;
  }

  private refusalOfUnlisted(word: string): string | undefined {
    const { unlisted } = this.spec;
    return unlisted === undefined || isOfKind(unlisted, word) ? undefined : about(word, unlisted);
  }

  private refusalOfValue({ kind }: KnownOption, value: string): string | undefined {
    if (this.isOptionFile(value)) return optionFile(value);
    return kind === undefined || isOfKind(kind, value) ? undefined : about(value, kind);
  }
}

/** `--name=value`: the name. */
function nameIn(word: string): string {
  const equals = word.indexOf('=');
  return equals === -1 ? word : word.slice(0, equals);
}

function isMeantAsValue(value: string, kind: PreparedKind | undefined): boolean {
  return kind?.name === 'permission' || /^-\d+[A-Za-z]?$/.test(value);
}

function notListed(name: string): string {
  return `\`${name}\` is not among the options that pass without a person`;
}

/** `pytest -k @options`, `nm @options`: what the file says counts as if it stood there. */
function optionFile(word: string): string {
  return `\`${short(word)}\` may be a file from which further options are read`;
}

function about(word: string, kind: PreparedKind): string {
  return `\`${short(word)}\`: ${describeKind(kind)}`;
}

function short(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}

function byName<Value>(listed: Readonly<Record<string, Value>> = {}): Map<string, Value> {
  return new Map(
    Object.entries(listed).flatMap(([names, value]) => split(names).map((name) => [name, value] as const)),
  );
}

function split(names: string | undefined): string[] {
  return names === undefined ? [] : names.split(/\s+/).filter((name) => name !== '');
}
