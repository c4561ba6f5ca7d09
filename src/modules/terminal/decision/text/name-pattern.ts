/**
 * What one name in a path may be when it is a pattern. Every `[` class counts as any character: it may only match too
 * much.
 */
export function namePattern(part: string): RegExp {
  const source = withoutClasses(part, '?')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${source}$`);
}

/**
 * A class as a shell reads it (POSIX XBD 9.3.5): a bracket that closes right at its beginning is a member, and so are
 * whole `[:alpha:]`, `[.a.]` and `[=a=]`.
 */
const CLASS = /\[[!^]?\]?(?:\[:[^:\]]*:\]|\[\.[^\].]*\.\]|\[=[^\]=]*=\]|[^\]])*\]/g;

/** The part with something in place of each of its classes. Behind the last bracket that closes there is none. */
export function withoutClasses(part: string, replacement: string): string {
  const end = part.lastIndexOf(']') + 1;
  return part.slice(0, end).replace(CLASS, replacement) + part.slice(end);
}

/**
 * The same, taken as widely as it can be: where more than one bracket closes, a quote that is no longer there may have
 * made one of them a member.
 */
export function withoutWidestClass(part: string): string {
  const [open, close] = [part.indexOf('['), part.lastIndexOf(']')];
  const first = part.indexOf(']', open);
  return open === -1 || first === -1 || first === close
    ? part
    : `${part.slice(0, open)}*${part.slice(close + 1)}`;
}
