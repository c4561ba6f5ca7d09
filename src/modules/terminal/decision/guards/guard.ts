import type { WordKind } from './word-kinds.js';

/**
 * What a program may be given when a rule allows it by prefix. A rule says which command is meant; a guard knows what
 * that program can be made to do beyond it: run another program, write a file, read its configuration from elsewhere.
 * A guard is data. What it does not list is not forbidden, it needs a person or a rule that spells out the whole command.
 */
export type Guard = {
  /** Names of the program, separated by blanks. */
  readonly programs: string;
  readonly why: string;
  /** Whole commands of one argument that only tell something: `--version`. */
  readonly queries?: string;
  /** Options in front of everything else that change nothing about what is done; a rule need not name them. */
  readonly skipped?: string;
  /** Those of them that have a value, which is a name: the namespace of `kubectl`. */
  readonly skippedValues?: string;
  /** What would hold in place of such a value: every namespace. */
  readonly overrides?: string;
} & (
  | {
      /** No rule covers it: it runs whatever comes next, so the rule belongs to that. */
      readonly kind: 'never';
      /** But for these, which only tell something. */
      readonly subcommands?: Subcommands;
    }
  | {
      /** Only a rule that spells out the whole command covers it. */
      readonly kind: 'whole';
    }
  | { readonly kind: 'arguments'; readonly arguments: Arguments }
  | {
      readonly kind: 'subcommands';
      /** What passes in place of a subcommand. */
      readonly arguments?: Arguments;
      readonly subcommands: Subcommands;
    }
);

/**
 * By name; several names of the same thing are separated by blanks. `describe-*` is every name that begins so, `*s` every
 * name that ends so, `*` every name, where none is listed in full; where nothing stands in front of the star, words that do
 * something are none of them, and those about secrets need the whole command. What is not listed must be spelled out whole.
 */
export type Subcommands = Readonly<Record<string, Subcommand>>;

export interface Subcommand {
  /** What a rule must say: the program's name alone, or the subcommand too, or the whole command. */
  readonly by: 'name' | 'subcommand' | 'whole';
  /** How many words a rule must say for it where its own subcommands ask for less: `git stash`, but not `git stash list`. */
  readonly words?: number;
  readonly arguments?: Arguments;
  readonly subcommands?: Subcommands;
}

export interface Arguments {
  /** Options without a value. */
  readonly flags?: string;
  /** Options with a value, attached or in the next argument. */
  readonly values?: string;
  /** A value is the next argument; in the same word further letters are options, but for digits. */
  readonly unattached?: boolean;
  /** A word that begins with an @ names a file of further options, wherever it stands. */
  readonly optionFiles?: boolean;
  /** Options that take the next two arguments with them. */
  readonly pairs?: string;
  /** Options that may have a value attached with `=`, or directly when they are one letter. */
  readonly optional?: string;
  /** Options that change more than the command itself says: accepted when the rule says them too. */
  readonly said?: string;
  /** Options that must not pass, each with what it does. Needed with `unlisted: 'pass'`; elsewhere it explains. */
  readonly refused?: Readonly<Record<string, string>>;
  /** What an option that is not listed means: a question (the default), nothing dangerous if it looks like this, or nothing dangerous at all. */
  readonly unlisted?: 'ask' | 'pass' | WordKind;
  /** `-5` is a number, not an option. */
  readonly numbers?: boolean;
  /** Options are words after one dash, as in find and go. */
  readonly style?: 'words';
  /** Of these at least one must be there. */
  readonly needs?: string;
  /** Options that pass only beside one of others: without a message, `git tag -a` starts an editor. */
  readonly onlyWith?: Readonly<Record<string, string>>;
  /** Options that do not pass beside others: `ps -aux -e` shows what neither of the two does. */
  readonly neverWith?: Readonly<Record<string, string>>;
  /** What every argument that is no option must look like. */
  readonly operands?: WordKind;
  /** What the first one must look like, unless one of the options in `unless` is there. */
  readonly first?: { readonly kind: WordKind; readonly unless?: string };
  readonly atMost?: number;
  /** With a rule that names more than the program, no operand may come on top of what it names. */
  readonly closed?: boolean;
  /** What passes nevertheless when it is closed. */
  readonly beside?: WordKind;
  /** The first argument may be a bundle of letters without a dash, as in `tar tzf`. */
  readonly bundled?: boolean;
  /** What the values of particular options must look like. */
  readonly kinds?: Readonly<Record<string, WordKind>>;
  /** What may follow `--`; operands by default. */
  readonly afterDashes?: WordKind;
  /** Options end at the first operand; what follows is somebody else's and of this kind. */
  readonly rest?: WordKind;
}
