/**
 * What one name in a path may be when it is a pattern. Every `[` class counts as any character: it may only match too
 * much.
 */
export function namePattern(part: string): RegExp {
  const source = part
    .replace(/\[[^\]]*\]?/g, '?')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${source}$`);
}
