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

export function seq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 0 on.');
  return Number(text);
}

export function days(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1)
    throw new InvalidArgumentError('It has to be a whole number of days from 1 on.');
  return number;
}
