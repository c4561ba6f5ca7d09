import type { ParsedScript, PipelineNode, AndOr, CommandNode, Redirection } from 'unbash';
import type { LiteralSegment } from './literal-text.js';

/**
 * Two readers that were written apart saw the same programs with the same arguments, at the same places. Anything else
 * (another boundary, another value, a construct only the parser knows) and the text is not taken for literal.
 */
export function readAlike(script: ParsedScript, segments: readonly LiteralSegment[]): boolean {
  let next = 0;
  for (const statement of script.commands) {
    if (statement.background === true) return false;
    const seen = sameCommands(statement.command, segments, next);
    if (seen === -1) return false;
    next = seen;
  }
  return next === segments.length;
}

function sameCommands(
  node: PipelineNode | AndOr | CommandNode,
  segments: readonly LiteralSegment[],
  next: number,
): number {
  if (node.type === 'Command') {
    const segment = segments[next];
    return segment !== undefined && isSameCommand(node, segment) ? next + 1 : -1;
  }
  if (node.type === 'Pipeline' && (node.prefixes.length > 0 || node.operators.includes('|&'))) return -1;
  if (node.type !== 'Pipeline' && node.type !== 'AndOr') return -1;
  let seen = next;
  for (const command of node.commands) {
    seen = sameCommands(command, segments, seen);
    if (seen === -1) return -1;
  }
  return seen;
}

function isSameCommand(command: CommandNode & { type: 'Command' }, segment: LiteralSegment): boolean {
  const { argv, places, from, pieced } = segment;
  const { name, suffix } = command;
  if (command.prefix.length > 0 || name === undefined) return false;
  if (name.pos !== places[from] || name.end !== places[from + 1] || name.text !== argv[0]) return false;
  let next = 1;
  let redirects = 0;
  for (let index = 0; index < suffix.length; index++) {
    const item = suffix[index];
    if (item.type === 'Word') {
      if (item.pos !== places[from + 2 * next] || item.end !== places[from + 2 * next + 1]) return false;
      if (pieced?.includes(next) === true && item.value !== argv[next]) return false;
      next++;
    } else if (item.type === 'Assignment' || !isHarmless(item)) return false;
    else redirects++;
  }
  return next === argv.length && redirects === segment.redirects;
}

function isHarmless(redirect: Redirection): boolean {
  if (redirect.type !== 'Redirect' || redirect.descriptor?.type === 'FileDescriptorVariable') return false;
  const target = redirect.target?.text;
  return target === '/dev/null' || (redirect.operator === '>&' && (target === '1' || target === '2'));
}
