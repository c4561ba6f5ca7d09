import type { Saying } from './argument-check.js';

/**
 * A program without a guard passes by prefix. Some options mean the same to nearly every program, though: run this, load
 * that, write there, take your settings from elsewhere. Unless the rule says them itself, a person decides.
 */
const STARTS_OTHERS =
  /^--?(?:exec(?:ute|-batch)?|eval|shell|pager|editor|browser|debugger|interpreter|launcher|wrapper|rsh|command|cmd|program|hooks?|plugins?|extensions?|require|preload|loader|load-?(?:plugins?|modules?|extensions?|library)|init-?(?:file|script|command)|rc-?file|startup-?(?:file|script|command)|post-?install|pre-?install|(?:on|pre|post)-?(?:run|start|exec|success|failure|change)|(?:plugin|extension|module|library)-?(?:dir|path|directory)s?|[\w-]+[-.](?:exec|command|cmd|program|plugins?|hooks?|shell|pager|editor|interpreter|wrapper|launcher|script))(?:[=:]|$)/i;
const NAMES_A_PLACE =
  /^(?:-[oOcCf](?=$|[/~.=])|--?(?:[\w-]+-)?(?:out(?:put)?|report|log|dump|save|write|dest(?:ination)?|target|prefix|home|base|tmp|temp|data|state|store|export|trace|profile|config(?:uration)?|conf|cfg|settings|options|defaults|rc|cache|cwd|chdir|root|work(?:ing)?|project|template|theme|format(?:ter)?|style|rules?|schema|script|source|file|from|input|load|import|include|env|path|dir(?:ectory)?|folder|to|into|in|use|with|add)(?:-?(?:file|dir|path|directory|folder|location|url|from|to))?s?(?:[=:]|$))/i;
const LIES_ELSEWHERE =
  /^=?(?!\/dev\/(?:null|stdout|stderr)$)(?:[/~\\]|[\s\S]*(?:^|[/:=])\.\.(?:\/|$)|\w+:\/\/)/;
/** `-c 'id; ls'`, `-e 'system("id")'`: a program of its own, and not a word or a path. */
const GIVES_CODE = /^-[ce]$/;
const IS_CODE = /[\s;|&()<>$`]/;
/** `@/tmp/options`: more arguments from a file. */
const MORE_FROM_FILE = /^@[/~.]/;

/** Programs none of whose options does more than say what is to be printed and how. */
const ONLY_PRINT = new Set(
  'ls cat head tail cut tr stat nl tac rev cmp comm paste column fold fmt join expand unexpand strings basename dirname realpath readlink which whereis pwd echo true false sleep seq expr numfmt md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum id whoami groups nproc uptime free df locale tty type lscpu lsmod lsusb w who users'.split(
    ' ',
  ),
);

/** Why a command of a program that no guard describes does not pass, or nothing. */
export function refusalOfUnknown(argv: readonly string[], { words, accepted }: Saying): string | undefined {
  if (ONLY_PRINT.has(argv[0])) return undefined;
  for (let index = Math.max(1, words.length); index < argv.length; index++) {
    const word = argv[index];
    const first = word.charCodeAt(0);
    if ((first !== 0x2d && first !== 0x40) || word.length < 2 || accepted.has(word)) continue;
    if (first === 0x40) {
      if (MORE_FROM_FILE.test(word)) return `\`${word}\` may take options from a file`;
      continue;
    }
    if (STARTS_OTHERS.test(word)) return `\`${word}\` may run another program or load other code`;
    if (GIVES_CODE.test(word) && IS_CODE.test(argv[index + 1] ?? ''))
      return `what \`${word}\` is given may be a program of its own`;
    const place = NAMES_A_PLACE.exec(word)?.[0];
    if (place === undefined) continue;
    const value = place.length === word.length ? argv[index + 1] : word.slice(place.length);
    if (value !== undefined && LIES_ELSEWHERE.test(value))
      return `\`${word}\` names a place outside the current directory`;
  }
  return undefined;
}
