import { namePattern, withoutClasses, withoutWidestClass } from './name-pattern.js';
import { Sign, signsIn } from './signs.js';

/** Where other systems are mounted, and where `..` leads, `dev` may be the one with the devices. */
const ELSEWHERE = String.raw`(?!(?:\.\.|host|hostfs|rootfs|sysroot|chroot|mnt|media|proc|Volumes)(?:/|$))`;
const PART = String.raw`${ELSEWHERE}(?:@(?=[A-Za-z]))?[\w.+-]{1,60}`;
/** How a path in a project begins, alone or as the value of an option: `src`, `@scope`, `/home`. */
const BEGINNING =
  String.raw`^(?:-{0,2}[\w-]{1,60}=)?(?:(?:\./)?${ELSEWHERE}@?[A-Za-z_][\w.+-]{1,60}` +
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
    String.raw`|/(?=root|boot|dev/)${NOT_IN_A_PROJECT}(?:(?:root|boot)(?![\w-])|dev/(?!null(?![\w/])|std(?:in|out|err)(?![\w/])|fd/[012](?![\w/])))` +
    String.raw`|/(?:proc/(?:\d+|self|thread-self|\*)|proc/kcore|run/secrets|var/run/(?:secrets|docker)|run/(?:docker|containerd)|var/lib/(?:docker|kubelet|mysql|postgresql)|var/spool/cron|sys/firmware)(?![\w-])` +
    String.raw`|docker\.sock|\.git/(?:config|hooks)(?![\w-])|://[^/\s:@]+:[^/\s@]+@`,
  'i',
);

/** Words that a pattern in an absolute path could turn into. */
const EXAMPLES =
  '/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/sudoers.d /etc/ssh /etc/ssl/private /etc/krb5.keytab /etc/wireguard /etc/ppp /etc/security /root /boot /dev /proc /run/secrets /run/docker.sock /run/docker /run/containerd /var/run/secrets /var/run/docker.sock /var/lib/docker /var/lib/kubelet /var/lib/mysql /var/lib/postgresql /var/spool/cron /sys/firmware'
    .split(' ')
    .map((example) => example.split('/'));
const DEEPEST = Math.max(...EXAMPLES.map((parts) => parts.length));
/** Names of files that are private wherever they lie. */
const NAMES =
  'id_rsa id_dsa id_ecdsa id_ed25519 credentials credentials.json credentials.csv secrets.yml secrets.yaml secrets.json secrets.toml secrets.env secrets.txt service-account.json client_secret.json kubeconfig wallet.dat server.key private.key tls.key ca.key key.pem cert.pfx cert.p12 store.kdbx store.jks store.keystore key.ppk key.asc key.gpg x.ovpn terraform.tfstate terraform.tfvars'.split(
    ' ',
  );
const ENDING_ALONE = /^\.(?:json|ya?ml|toml|txt|csv|env)$/;

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
  }
  return undefined;
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

const SEEKS = /^(?:[ef]?grep|rg|jq|gojq|jaq)$/;
/** Options that may say what is sought, so that the first argument is a file after all. */
const SAYS_SOUGHT = /^-(?:[A-Za-z0-9]*[ef]|-(?:re|fi|fr))/;

/** Where what `grep` and `jq` seek stands: `.env` there is text or a member, and no file. */
function placeOfSought(argv: readonly string[]): number {
  if (!SEEKS.test(argv[0])) return -1;
  const isJq = argv[0].endsWith('q');
  if (argv.some((word) => SAYS_SOUGHT.test(word) && !(isJq && /^-[a-eg-zA-Z]+$/.test(word)))) return -1;
  const dashes = argv.indexOf('--');
  const place = argv.findIndex((word, index) => index > 0 && word.charCodeAt(0) !== 0x2d);
  return dashes !== -1 && dashes < place ? -1 : place;
}

const UNMARKED = /cred|kubeconf/i;
const PATTERN = /^(?:\/|\.\/).*[*?[]/;

/** Whether a pattern may expand to a private place: it starts a hidden name, it says enough of a private one, or an absolute path fits it. */
function mayMatchPrivatePlace(word: string): boolean {
  if (/\/(?:\.[^/]*[*?[]|\[[^/]*\.|\.\.\/)/.test(word)) return true;
  const parts = word.split('/').filter((part, index) => index === 0 || (part !== '' && part !== '.'));
  return mayMatch(parts) || (/\][^/]*\]/.test(word) && mayMatch(parts.map(withoutWidestClass)));
}

function mayMatch(parts: readonly string[]): boolean {
  const last = parts[parts.length - 1];
  const said = withoutClasses(last, '').replace(/[*?]/g, '');
  if (said.length < last.length && /[A-Za-z].*[A-Za-z\d]/.test(said) && !ENDING_ALONE.test(said)) {
    const pattern = namePattern(last);
    if (NAMES.some((name) => pattern.test(name))) return true;
  }
  if (parts[0] !== '') return false;
  const patterns = parts.slice(0, DEEPEST).map(namePattern);
  return EXAMPLES.some((known) =>
    patterns.every((pattern, index) => known[index] === undefined || pattern.test(known[index])),
  );
}
