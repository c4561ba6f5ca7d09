import { forEachChild, type Command, type ParsedScript, type SyntaxNode, type Word } from 'unbash';
import { MAX_SEGMENTS, type FoundCommand, type FoundRedirect } from '../commands/found-command.js';
import { TOO_COMPLEX } from './script.js';

const MAX_NODES = 20_000;
const MAX_SUBSTITUTIONS_IN_EACH_OTHER = 12;

interface Place {
  readonly depth: number;
  readonly pipeline?: FoundCommand[];
  /** The command one of whose words holds the substitution being looked at. */
  readonly feeds?: FoundCommand;
  readonly definition?: string;
}

/** Every command anywhere in a script, whether it would run or not. Throws `NotAnalysable`. */
export function findCommands(script: ParsedScript): FoundCommand[] {
  const search = new CommandSearch();
  search.visit(script, { depth: 0 });
  return search.found;
}

export class NotAnalysable extends Error {}

class CommandSearch {
  readonly found: FoundCommand[] = [];
  private nodes = 0;

  visit(node: SyntaxNode, place: Place): void {
    if (++this.nodes > MAX_NODES) throw new NotAnalysable(TOO_COMPLEX);
    switch (node.type) {
      case 'Script':
        return this.script(node, place);
      case 'Command':
        return this.command(node, place);
      case 'Pipeline':
        return this.children(node, { ...place, pipeline: [] });
      case 'Function':
        return this.children(node, { ...place, definition: node.name.value, pipeline: undefined });
      case 'Word':
        // Its parts are only looked at when there can be something in them.
        return /[$`(]/.test(node.text) ? this.children(node, { ...place, pipeline: undefined }) : undefined;
      default:
        return this.children(node, place);
    }
  }

  private children(node: SyntaxNode, place: Place): void {
    forEachChild(node, (child) => this.visit(child, place));
  }

  private script(node: ParsedScript, place: Place): void {
    const error = node.errors?.[0];
    if (error) throw new NotAnalysable(`It is not complete shell syntax: ${error.message}.`);
    if (place.depth > MAX_SUBSTITUTIONS_IN_EACH_OTHER) throw new NotAnalysable(TOO_COMPLEX);
    this.children(node, { ...place, depth: place.depth + 1 });
  }

  private command(node: Command, place: Place): void {
    const found: FoundCommand = {
      argv: node.name === undefined ? [] : [node.name, ...wordsOf(node)].flatMap(valuesOf),
      redirects: node.redirects.flatMap(redirectOf),
      pipeline: place.pipeline,
      feeds: place.feeds,
      definition: place.definition,
    };
    place.pipeline?.push(found);
    if (found.argv.length > 0 || found.redirects.length > 0) this.found.push(found);
    if (this.found.length > MAX_SEGMENTS)
      throw new NotAnalysable(`It has more than ${MAX_SEGMENTS} commands; run it in parts.`);
    this.children(node, { ...place, feeds: found, pipeline: undefined });
  }
}

function wordsOf(command: Command): Word[] {
  // `export A=b` has assignments among its arguments; they are arguments to whoever runs it.
  return command.args.map((item) =>
    item.type === 'Word' ? item : ({ ...item, type: 'Word', value: item.text } as unknown as Word),
  );
}

/** A word as the loose pass sees it: the two common ways to write several words as one are taken apart. */
function valuesOf(word: Word): string[] {
  const value = word.value;
  if (/\$\{?IFS\b/.test(value)) return value.split(/\$\{IFS[^}]*\}|\$IFS\b/).filter((part) => part !== '');
  const braces = /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(word.text);
  if (braces && word.text === value) {
    const [, before, list, after] = braces;
    return list.split(',').map((part) => before + part + after);
  }
  return [value];
}

function redirectOf(redirect: Command['redirects'][number]): FoundRedirect[] {
  if (redirect.type === 'HereDoc') return [{ operator: '<<', target: redirect.body.text }];
  return redirect.target === undefined
    ? []
    : [{ operator: redirect.operator, target: redirect.target.value }];
}
