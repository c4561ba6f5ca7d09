import { isOfKind, kindOf } from '../guards/word-kinds.js';
import { patternOfProgram, saysNames } from './own-patterns.js';
import { alternativesOf, mayMatchPrivatePlace, mayNamePrivateFile } from './private-patterns.js';
import { Sign, signsIn } from './signs.js';

/** Where other systems are mounted, and where `..` leads, `dev` may be the one with the devices. */
const ELSEWHERE = String.raw`(?!(?:\.\.|host|hostfs|rootfs|sysroot|chroot|mnt|media|Volumes)(?:/|$)|proc/(?:\d|self/|thread-self/))`;
const PART = String.raw`${ELSEWHERE}(?:@(?=[A-Za-z]))?[\w.+-]{1,60}`;
/**
 * How a path in a project begins, alone, as the value of an option or behind a revision: `src`, `a`, `2024`, `.github`,
 * `@scope`, `/home`, `HEAD:src`. What a server shows below an address is no file here, and what begins with a star is a
 * pattern for names in the project.
 */
const BEGINNING =
  String.raw`^(?:-{0,2}[\w-]{1,60}=|[\w@~^.{}-][\w@~^.{}/-]{0,60}:(?!//))?` +
  String.raw`(?:(?:\./)?${ELSEWHERE}(?:[@.]?[A-Za-z_]|\d)[\w.+-]{0,60}|\*{1,2}|https?://[A-Za-z0-9][\w.-]{0,60}(?::\d{1,5})?` +
  String.raw`|/(?:home|Users|workspaces?|app|code|repos?|builds|srv|tmp|usr/src|var/www))`;
/** What stands in front of a directory of a project: `src/` of `src/dev`, `/home/ada/` of `/home/ada/dev`. */
const NOT_IN_A_PROJECT = String.raw`(?<!${BEGINNING}(?:/${PART}){0,12}/)`;

/**
 * Places where credentials lie. Programs that a rule allows may name ordinary files, these a person has to agree to;
 * reading the worst of them is on the safety list. For one word or directory at a time: how it begins counts.
 */
export const PRIVATE = new RegExp(
  String.raw`(?:^|[\s"'=:@,/])(?:` +
    String.raw`\.(?:ssh|gnupg|aws|azure|gcloud|kube|netrc|pgpass|my\.cnf|git-credentials|npmrc|yarnrc|pypirc|vault-token|boto|s3cfg|terraformrc|htpasswd|password-store|mozilla|(?:bash|zsh|sh|python|node_repl|psql|mysql)_?history)(?=[\s"'/:,;&|]|$)` +
    String.raw`|\.docker/config|\.config/(?:gh|gcloud|op|rclone|hub)(?![\w-])` +
    String.raw`|\.env(?:rc)?(?:\.(?!example|sample|template|dist|schema)[\w-]+)*(?=[\s"'/:,;&|]|$)` +
    String.raw`|(?:id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.(?![\w.-]*(?:md|rst|adoc|html|s?css|vue|svelte|tsx?|go|rs|java|kt|cs|rb|feature|(?:spec|test)\.[jt]sx?)(?=[\s"':,;&|]|$))[\w.]+)?|secrets?\.(?:ya?ml|json|toml|env|txt|properties)|(?:service-account|client_secret)[\w-]*\.json|kubeconfig|wallet\.dat|(?:server|client|private|priv|tls|ssl|ca|host|rsa|root|signing|master|secret)[\w-]*\.key|[\w.-]+\.tfstate(?:\.backup)?|[\w.-]+\.tfvars(?:\.json)?)(?=[\s"':,;&|]|$)` +
    String.raw`|[\w.-]+\.(?:pem|pfx|p12|kdbx|jks|keystore|ppk|asc|gpg|ovpn)(?=[\s"':,;&|]|$)` +
    String.raw`)` +
    String.raw`|/etc/(?:g?shadow|sudoers|ssh(?:/|(?=\s|$))|ssl/private|krb5\.keytab|wireguard|ppp|opasswd|security)` +
    String.raw`|/(?=root|boot|dev/)${NOT_IN_A_PROJECT}(?:(?:root|boot)(?![\w-]|\.\w)|dev/(?!null(?![\w/])|std(?:in|out|err)(?![\w/])|fd/[012](?![\w/])))` +
    String.raw`|/(?<!^\*{1,2}/)(?:proc/(?:\d+|self|thread-self|\*)|proc/kcore|run/secrets|var/run/(?:secrets|docker)|run/(?:docker|containerd)|var/lib/(?:docker|kubelet|mysql|postgresql)|var/spool/cron|sys/firmware)(?![\w-])` +
    String.raw`|docker\.sock|\.git/(?:config|hooks)(?![\w-])|://[^/\s:@]+:[^/\s@]+@`,
  'i',
);

/** Every private place has one of these in its name, or is called `credentials` or `kubeconfig`. */
const SUSPECT = Sign.Place | Sign.Dot | Sign.Pattern;
const SHORTEST_WITHOUT_SIGN = 'kubeconfig'.length;
/** `.` and `..` are what is named most. */
const SHORTEST = '.env'.length;

/** Whether some argument may name such a place, given the signs of all of them; most commands have nothing that could. */
export function mayNamePrivatePlace(argv: readonly string[], signs: number): boolean {
  if ((signs & SUSPECT) !== 0) return true;
  for (let index = 1; index < argv.length; index++)
    if (argv[index].length >= SHORTEST_WITHOUT_SIGN) return true;
  return false;
}

function mayBePrivate(word: string): boolean {
  return (signsIn(word) & SUSPECT) !== 0 || (word.length >= SHORTEST_WITHOUT_SIGN && UNMARKED.test(word));
}

/** The first argument that names such a place, or is a pattern that may find one. */
export function findPrivatePlace(argv: readonly string[], hasPatterns: boolean): string | undefined {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    if (!mayBePrivate(word)) continue;
    const found = word.length < SHORTEST ? null : PRIVATE.exec(word);
    if (found !== null && index !== placeOfSought(argv)) return found[0];
    if (hasPatterns && PATTERN.test(word) && mayMatchPrivatePlace(word)) return word;
    const own = MAY_BE_OWN_PATTERN.test(word) ? patternOfProgram(argv, index) : undefined;
    if (own !== undefined && alternativesOf(own).some(singlesOutPrivate)) return word;
  }
  return undefined;
}

function singlesOutPrivate(glob: string): boolean {
  return PRIVATE.test(glob) || mayNamePrivateFile(glob);
}

const MAY_BE_PRIVATE = /\/\.|\/(?:etc|proc|dev|run|boot|sys|var)(?:\/|$)/;

/**
 * Whether a directory is such a place, so that any name in it may be one: all of /proc, where the roots of processes
 * lie. The home of root is a home as others are.
 */
export function isPrivateDirectory(directory: string): boolean {
  return (
    MAY_BE_PRIVATE.test(directory) &&
    (/^\/proc(?:\/|$)/.test(directory) ||
      PRIVATE.test(`${directory.replace(/^\/root(?=\/|$)/, '/home/root')}/`))
  );
}

const SEEKS = /^(?:[ef]?grep|rg|jq|gojq|jaq|g?sed|[gmn]?awk)$/;
/** Options that may say what is sought, so that the first argument is a file after all. */
const SAYS_SOUGHT = /^-(?:[A-Za-z0-9]*[ef]|-(?:re|fi|fr|ex|so))/;
/** Programs of their own: text for us where they can open no file, whatever it says. */
const PROGRAMS = { sed: kindOf('sed'), awk: kindOf('awk') };

/** Where what `grep` and `jq` seek, or the program for `sed` and `awk`, stands: `.env` there is text or a member, and no file. */
function placeOfSought(argv: readonly string[]): number {
  const name = argv[0];
  if (!SEEKS.test(name)) return -1;
  const isJq = name.endsWith('q');
  if (argv.some((word) => SAYS_SOUGHT.test(word) && !(isJq && /^-[a-eg-zA-Z]+$/.test(word)))) return -1;
  const dashes = argv.indexOf('--');
  const place = argv.findIndex((word, index) => index > 0 && word.charCodeAt(0) !== 0x2d);
  if ((dashes !== -1 && dashes < place) || saysNames(argv[place - 1] ?? '')) return -1;
  const kind = name.endsWith('sed') ? PROGRAMS.sed : name.endsWith('awk') ? PROGRAMS.awk : undefined;
  return kind !== undefined && !isOfKind(kind, argv[place] ?? '') ? -1 : place;
}

const UNMARKED = /cred|kubeconf/i;
const PATTERN = /^(?:\/|\.\/).*[*?[]/;
/** A pattern for names, or an option that may have a name attached. */
const MAY_BE_OWN_PATTERN = /^-|[*?[{\\]/;
