import { namePattern, withoutClasses, withoutWidestClass } from './name-pattern.js';

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
/** Names of hidden files and directories that are, for patterns which a program expands itself: there a star is also a dot. */
const HIDDEN =
  '.env .envrc .env.local .ssh .gnupg .aws .azure .gcloud .kube .netrc .pgpass .my.cnf .git-credentials .npmrc .yarnrc .pypirc .vault-token .boto .s3cfg .terraformrc .htpasswd .password-store .bash_history'.split(
    ' ',
  );

/** Whether a pattern may expand to a private place: it starts a hidden name, it says enough of a private one, or an absolute path fits it. */
export function mayMatchPrivatePlace(word: string): boolean {
  if (/\/(?:\.[^/]*[*?[]|\[[^/]*\.|\.\.\/)/.test(word)) return true;
  const parts = word.split('/').filter((part, index) => index === 0 || (part !== '' && part !== '.'));
  return mayMatch(parts) || (/\][^/]*\]/.test(word) && mayMatch(parts.map(withoutWidestClass)));
}

function mayMatch(parts: readonly string[]): boolean {
  const last = parts[parts.length - 1];
  if (mayBeOneOf(NAMES, last)) return true;
  if (parts[0] !== '') return false;
  const patterns = parts.slice(0, DEEPEST).map(namePattern);
  return EXAMPLES.some((known) =>
    patterns.every((pattern, index) => known[index] === undefined || pattern.test(known[index])),
  );
}

/** What of a pattern is to be found as it stands. */
function saidIn(part: string): string {
  return withoutClasses(part, '').replace(/[*?]/g, '');
}

/** Whether a name that is a pattern says enough of one of these, and may be it. */
function mayBeOneOf(names: readonly string[], part: string): boolean {
  const said = saidIn(part);
  if (said.length === part.length || !/[A-Za-z].*[A-Za-z\d]/.test(said) || ENDING_ALONE.test(said))
    return false;
  const pattern = namePattern(part);
  return names.some((name) => pattern.test(name));
}

/** Whether a pattern that a program compares names with, whatever their case, singles out private files. */
export function mayNamePrivateFile(glob: string): boolean {
  const parts = glob.toLowerCase().split('/');
  return mayBeOneOf(NAMES, parts[parts.length - 1]) || parts.some(mayBeHidden);
}

/** What is or may be the dot of a hidden name, and no letter that is one of many. */
const STARTS_HIDDEN = /^(?:[.?]|\[(?:[!^]|[^\]]*\.))/;

/** `*` alone singles out nothing; `.*`, `.e*` and `*.env` do. */
function mayBeHidden(part: string): boolean {
  if (!STARTS_HIDDEN.test(part) && !/[a-z].*[a-z]/.test(saidIn(part))) return false;
  const pattern = namePattern(part);
  return HIDDEN.some((name) => pattern.test(name));
}

const MOST_ALTERNATIVES = 64;
const EVERYTHING_HIDDEN = ['.*'];

/** `*.{pem,key}` is two patterns, and so on for all braces, from the innermost on; too many of them may be anything. */
export function alternativesOf(glob: string): readonly string[] {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const end = next.indexOf('}');
    const start = end === -1 ? -1 : next.lastIndexOf('{', end);
    if (start === -1) done.push(next);
    else
      for (const alternative of next.slice(start + 1, end).split(','))
        open.push(next.slice(0, start) + alternative + next.slice(end + 1));
    if (done.length + open.length > MOST_ALTERNATIVES) return EVERYTHING_HIDDEN;
  }
  return done;
}
