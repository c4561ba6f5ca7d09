import { programNameOf } from './program-name.js';

/** What a pattern that stands for a program may find: one without directories, or in one that is named in full. */
export function programPattern(word: string): RegExp | undefined {
  if (!/[*?]|\[[^\]]+\]/.test(word) || !/^\/|^[^/]*$/.test(word)) return undefined;
  const name = programNameOf(word);
  if (!/[*?]|\[[^\]]+\]/.test(name) || /^\*+$/.test(name)) return undefined;
  const source = name
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[!/g, '[^');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}
