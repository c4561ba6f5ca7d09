export class WrongUsage extends Error {}

export function findingsOf(
  args: string[],
): Promise<{ readonly code: number; readonly seq: number; readonly what: string }[]>;
