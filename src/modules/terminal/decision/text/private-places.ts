/**
 * Places where credentials lie. Programs that a rule allows may name ordinary files, these a person has to agree to;
 * reading the worst of them is on the safety list. It looks at the whole command at once, since it seldom finds anything.
 */
const PRIVATE = new RegExp(
  String.raw`(?:^|[\s"'=:@,/])(?:` +
    String.raw`\.(?:ssh|gnupg|aws|azure|gcloud|kube|netrc|pgpass|my\.cnf|git-credentials|npmrc|yarnrc|pypirc|vault-token|boto|s3cfg|terraformrc|htpasswd|password-store|mozilla|(?:bash|zsh|sh|python|node_repl|psql|mysql)_?history)(?=[\s"'/:,;&|]|$)` +
    String.raw`|\.docker/config|\.config/(?:gh|gcloud|op|rclone|hub)(?![\w-])` +
    String.raw`|\.env(?:rc)?(?:\.(?!example|sample|template|dist|schema)[\w-]+)*(?=[\s"'/:,;&|]|$)` +
    String.raw`|(?:id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.[\w.]+)?|secrets?\.(?:ya?ml|json|toml|env|txt|properties)|(?:service-account|client_secret)[\w-]*\.json|kubeconfig|wallet\.dat|(?:server|client|private|priv|tls|ssl|ca|host|rsa|root|signing|master|secret)[\w-]*\.key|[\w.-]+\.tfstate(?:\.backup)?|[\w.-]+\.tfvars(?:\.json)?)(?=[\s"':,;&|]|$)` +
    String.raw`|[\w.-]+\.(?:pem|pfx|p12|kdbx|jks|keystore|ppk|asc|gpg|ovpn)(?=[\s"':,;&|]|$)` +
    String.raw`)` +
    String.raw`|/etc/(?:g?shadow|sudoers|ssh(?:/|(?=\s|$))|ssl/private|krb5\.keytab|wireguard|ppp|opasswd|security)` +
    String.raw`|/(?:root|proc/(?:\d+|self|thread-self|\*)|proc/kcore|run/secrets|var/run/(?:secrets|docker)|run/(?:docker|containerd)|var/lib/(?:docker|kubelet|mysql|postgresql)|var/spool/cron|boot|sys/firmware)(?![\w-])` +
    String.raw`|/dev/(?!null(?![\w/])|std(?:in|out|err)(?![\w/])|fd/[012](?![\w/]))` +
    String.raw`|docker\.sock|\.git/(?:config|hooks)(?![\w-])|://[^/\s:@]+:[^/\s@]+@`,
  'i',
);

/** Words that a pattern in an absolute path could turn into. */
const EXAMPLES = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/sudoers',
  '/root',
  '/dev/sda',
  '/proc/1/environ',
  '/run/secrets/token',
];

/** Whether some argument may name such a place; most commands have nothing that could. */
export function mayNamePrivatePlace(text: string): boolean {
  return SUSPECT.test(text);
}

/** The first argument that names such a place, or is a pattern that may find one. */
export function findPrivatePlace(argv: readonly string[], hasPatterns: boolean): string | undefined {
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index];
    if (!SUSPECT.test(word)) continue;
    const found = PRIVATE.exec(word);
    if (found !== null) return found[0];
    if (hasPatterns && PATTERN.test(word) && mayMatchPrivatePlace(word)) return word;
  }
  return undefined;
}

/** Every private place has one of these in its name. */
const SUSPECT = /[./*?[]|cred|kubeconf|id_/i;
const PATTERN = /^(?:\/|\.\/).*[*?[]/;

/** Whether a pattern may expand to a private place: it starts a hidden name, or an absolute path fits it. */
function mayMatchPrivatePlace(word: string): boolean {
  if (/\/(?:\.[^/]*[*?[]|\[[^/]*\.|\.\.\/)/.test(word)) return true;
  if (!word.startsWith('/')) return false;
  const parts = word.split('/');
  return EXAMPLES.some((example) => {
    const known = example.split('/');
    return parts.every((part, index) => known[index] === undefined || asPattern(part).test(known[index]));
  });
}

/** Every `[` class counts as any character: it may only match too much. */
function asPattern(part: string): RegExp {
  const source = part
    .replace(/\[[^\]]*\]?/g, '?')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${source}$`);
}
