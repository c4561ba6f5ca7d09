import { InvalidArgumentError } from 'commander';
import { isUuid } from '../kernel/runtime/ids.js';

export function tenantId(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('It has to be a UUID in lower case.');
  return text;
}

export function treeSize(text: string): number {
  const size = Number(text);
  if (!/^\d{1,15}$/.test(text) || size < 1)
    throw new InvalidArgumentError('It has to be a whole number from 1 on.');
  return size;
}
