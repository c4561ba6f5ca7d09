import { posix } from 'node:path';

/** Whether a directory lies in the root, after `.` and `..` are taken away; `/srv-evil` does not lie in `/srv`. */
export function liesWithin(cwd: string, root: string): boolean {
  if (cwd.includes('\0')) return false;
  const top = posix.resolve('/', root);
  const directory = posix.resolve(top, cwd);
  return directory === top || directory.startsWith(top === '/' ? '/' : `${top}/`);
}
