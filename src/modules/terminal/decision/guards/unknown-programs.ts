import type { Saying } from './argument-check.js';

/**
 * A program without a guard passes by prefix. Some options mean the same to nearly every program, though: run this, load
 * that, write there, take your settings from elsewhere. Unless the rule says them itself, a person decides.
 */
const STARTS_OTHERS =
  /^--?(?:exec(?:ute|-batch)?|eval|shell|pager|editor|plugins?|require|preload|load-plugins?|[\w-]+[-.](?:command|cmd|program|plugins?|hook|shell|pager|editor|interpreter))(?:[=:]|$)/i;
const NAMES_A_PLACE =
  /^(?:-o(?=$|[/~.])|--?(?:[\w-]+-)?(?:out(?:put)?|report|log|dump|config(?:uration)?|settings|cache|cwd|chdir|root|work(?:ing)?)(?:-?(?:file|dir|path|directory|location))?(?:[=:]|$))/i;
const LIES_ELSEWHERE = /^(?!\/dev\/(?:null|stdout|stderr)$)(?:[/~\\]|[\s\S]*(?:^|[/:])\.\.(?:\/|$)|\w+:\/\/)/;

/** Why a command of a program that no guard describes does not pass, or nothing. */
export function refusalOfUnknown(argv: readonly string[], { words, accepted }: Saying): string | undefined {
  for (let index = Math.max(1, words.length); index < argv.length; index++) {
    const word = argv[index];
    if (word.charCodeAt(0) !== 0x2d || word.length < 2 || accepted.has(word)) continue;
    if (STARTS_OTHERS.test(word)) return `\`${word}\` may run another program or load other code`;
    const place = NAMES_A_PLACE.exec(word)?.[0];
    if (place === undefined) continue;
    const value = place.length === word.length ? argv[index + 1] : word.slice(place.length);
    if (value !== undefined && LIES_ELSEWHERE.test(value))
      return `\`${word}\` names a place outside the current directory`;
  }
  return undefined;
}
