/** One spelling of a path: `//` and `/./` and a slash at the end say nothing, `/proc/self/root` is `/`. */
export function tidyPath(word: string): string {
  if (!word.includes('/')) return word;
  // Most paths have none of what would be taken away, so it is looked for before it is.
  let path = word.includes('/proc/') ? word.replace(/\/proc\/(?:self|\d+)\/root(?=\/|$)/g, '') : word;
  if (path.includes('//') || path.includes('/./')) path = path.replace(/\/(?:\.?\/)+/g, '/');
  if (path.includes('/.')) {
    path = path.replace(/\/\.$/, '/');
    for (let shorter = withoutParents(path); shorter !== path; shorter = withoutParents(path)) path = shorter;
  }
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path === '' ? '/' : path;
}

function withoutParents(path: string): string {
  return path
    .replace(/^\/\.\.(?=\/|$)/, '')
    .replace(/(^|\/)(?!\.\.?(?:\/|$))[^/]+\/\.\.(?=\/|$)/, '$1.')
    .replace(/\/\.(?=\/|$)/, '');
}
