import type { Arguments } from './guard.js';
import { describeKind, isOfKind, type WordKind } from './word-kinds.js';

/** What a rule that matched by prefix says itself, as far as guards ask. */
export interface Saying {
  /** The words of the rule, which are the first words of the command. */
  readonly words: readonly string[];
  /** Arguments that this rule accepts exactly as they are. */
  readonly accepted: ReadonlySet<string>;
}

/** Arguments, prepared for checking one command after another. */
export class ArgumentCheck {
  private readonly flags: ReadonlySet<string>;
  private readonly values: ReadonlySet<string>;
  private readonly optional: ReadonlySet<string>;
  private readonly said: ReadonlySet<string>;
  private readonly refused: ReadonlyMap<string, string>;
  private readonly needed: readonly string[];
  private readonly unlessFirst: readonly string[];
  private readonly kinds: ReadonlyMap<string, WordKind>;
  private readonly passesUnlisted: boolean;

  constructor(private readonly spec: Arguments) {
    this.flags = new Set(split(spec.flags));
    this.values = new Set(split(spec.values));
    this.optional = new Set(split(spec.optional));
    this.said = new Set(split(spec.said));
    this.refused = new Map(
      Object.entries(spec.refused ?? {}).flatMap(([names, why]) =>
        split(names).map((name) => [name, why] as const),
      ),
    );
    this.needed = split(spec.needs);
    this.unlessFirst = split(spec.first?.unless);
    this.kinds = new Map(
      Object.entries(spec.kinds ?? {}).flatMap(([names, kind]) =>
        split(names).map((name) => [name, kind] as const),
      ),
    );
    this.passesUnlisted = spec.unlisted === 'pass';
  }

  /** Why the arguments from a position on do not pass, or nothing. */
  refusal(argv: readonly string[], from: number, saying: Saying): string | undefined {
    const { spec } = this;
    let operands = 0;
    for (let index = from; index < argv.length; index++) {
      const word = argv[index];
      if (saying.accepted.size > 0 && saying.accepted.has(word)) continue;
      if (word === '--')
        return this.refusalAfterDashes(argv, index + 1, operands, saying) ?? this.missing(argv, from);
      if (word.charCodeAt(0) === 0x2d && word.length > 1) {
        const outcome = this.option(argv, index, saying);
        if (typeof outcome === 'string') return outcome;
        index += outcome;
        continue;
      }
      const fault = this.operand(word, operands++, index, argv, saying);
      if (fault !== undefined) return fault;
      if (spec.rest !== undefined) {
        for (const handed of argv.slice(index + 1))
          if (!isOfKind(spec.rest, handed)) return about(handed, spec.rest);
        break;
      }
    }
    return this.missing(argv, from);
  }

  private missing(argv: readonly string[], from: number): string | undefined {
    if (this.needed.length === 0) return undefined;
    for (let index = from; index < argv.length; index++) {
      const name = argv[index].split('=', 1)[0];
      if (this.needed.some((needed) => name === needed || isInCluster(name, needed))) return undefined;
    }
    return `one of ${this.needed.join(' ')} is needed, or it may start an editor, a pager or more than is asked for`;
  }

  private refusalAfterDashes(
    argv: readonly string[],
    from: number,
    operands: number,
    saying: Saying,
  ): string | undefined {
    const kind = this.spec.afterDashes;
    for (let index = from; index < argv.length; index++) {
      if (kind !== undefined) {
        if (!isOfKind(kind, argv[index])) return about(argv[index], kind);
        continue;
      }
      const fault = this.operand(argv[index], operands++, index, argv, saying);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private operand(
    word: string,
    position: number,
    index: number,
    argv: readonly string[],
    saying: Saying,
  ): string | undefined {
    const { first, operands, atMost, closed } = this.spec;
    if (index < saying.words.length) return undefined; // the rule itself says it
    if (closed === true && saying.words.length > 1) return `\`${word}\` is more than the rule names`;
    if (atMost !== undefined && position >= atMost) return `\`${word}\` is one argument too many`;
    const isFirst = position === 0 && first !== undefined && !this.isThere(argv, this.unlessFirst);
    const kind = isFirst ? first.kind : operands;
    return kind === undefined || isOfKind(kind, word) ? undefined : about(word, kind);
  }

  private isThere(argv: readonly string[], names: readonly string[]): boolean {
    return names.length > 0 && argv.some((word) => names.some((name) => word.startsWith(name)));
  }

  /** How many further arguments the option takes with it, or why it does not pass. */
  private option(argv: readonly string[], index: number, saying: Saying): number | string {
    const word = argv[index];
    if (this.spec.numbers === true && /^-\d+$/.test(word)) return 0;
    if (this.spec.style === 'words')
      return this.long(word.startsWith('--') ? word.slice(1) : word, argv, index, saying);
    return word.charCodeAt(1) === 0x2d
      ? this.long(word, argv, index, saying)
      : this.cluster(argv, index, saying);
  }

  private long(word: string, argv: readonly string[], index: number, saying: Saying): number | string {
    const equals = word.indexOf('=');
    const name = equals === -1 ? word : word.slice(0, equals);
    if (equals === -1 && (this.flags.has(name) || this.optional.has(name))) return 0;
    if (this.values.has(name) || (equals !== -1 && this.optional.has(name)))
      return equals === -1 ? this.next(name, argv, index) : (this.value(name, word.slice(equals + 1)) ?? 0);
    if (this.said.has(name) && saying.words.includes(word)) return 0;
    const why = this.refused.get(name);
    if (why !== undefined) return `\`${name}\` ${why}`;
    if (!this.passesUnlisted) return `\`${name}\` is not among the options that pass without a person`;
    // Programs accept shortened names, so the beginning of a refused one is that one.
    for (const [refused, reason] of this.refused)
      if (name.length > 2 && refused.startsWith(name))
        return `\`${name}\` may mean \`${refused}\`, which ${reason}`;
    return 0;
  }

  private cluster(argv: readonly string[], index: number, saying: Saying): number | string {
    const word = argv[index];
    for (let at = 1; at < word.length; at++) {
      const name = `-${word[at]}`;
      if (this.flags.has(name)) continue;
      if (this.values.has(name)) {
        if (at === word.length - 1) return this.next(name, argv, index);
        const attached = word.slice(word[at + 1] === '=' ? at + 2 : at + 1);
        return this.value(name, attached) ?? 0;
      }
      if (this.optional.has(name)) return this.value(name, word.slice(at + 1)) ?? 0;
      if (this.said.has(name) && isSaid(name, saying)) continue;
      const why = this.refused.get(name);
      if (why !== undefined) return `\`${name}\` ${why}`;
      if (!this.passesUnlisted) return `\`${name}\` is not among the options that pass without a person`;
    }
    return 0;
  }

  private next(name: string, argv: readonly string[], index: number): number | string {
    const value = argv[index + 1];
    if (value === undefined) return `\`${name}\` lacks its value`;
    // Were it not a value after all, it would be an option nobody looked at.
    if (value.charCodeAt(0) === 0x2d && value.length > 1 && !/^-\d+[A-Za-z]?$/.test(value))
      return `the value of \`${name}\` looks like an option`;
    return this.value(name, value) ?? 1;
  }

  private value(name: string, value: string): string | undefined {
    const kind = this.kinds.get(name);
    return kind === undefined || isOfKind(kind, value) ? undefined : about(value, kind);
  }
}

function isSaid(name: string, { words }: Saying): boolean {
  return words.some((word) => word === name || isInCluster(word, name));
}

function isInCluster(word: string, name: string): boolean {
  return name.length === 2 && /^-[A-Za-z]+$/.test(word) && word.includes(name[1]);
}

function about(word: string, kind: WordKind): string {
  return `\`${word.length > 60 ? `${word.slice(0, 60)}…` : word}\`: ${describeKind(kind)}`;
}

function split(names: string | undefined): string[] {
  return names === undefined ? [] : names.split(/\s+/).filter((name) => name !== '');
}
