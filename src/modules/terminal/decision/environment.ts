/**
 * Variables that change which program runs, what it loads, or where it reads its configuration. Whoever runs the command
 * would refuse them, so the decision does.
 */
const REFUSED_NAMES = new Set(
  'PATH IFS ENV HOME SHELL BASH_ENV SHELLOPTS BASHOPTS PS4 PS0 PROMPT_COMMAND CDPATH GLOBIGNORE EXECIGNORE FIGNORE POSIXLY_CORRECT HISTFILE FPATH ZDOTDIR EDITOR VISUAL PAGER MANPAGER SYSTEMD_PAGER SYSTEMD_EDITOR BROWSER LESS LESSOPEN LESSCLOSE MORE TERMINFO TERMCAP TMPDIR NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS CLASSPATH JAVA_TOOL_OPTIONS MAVEN_OPTS GRADLE_OPTS RUSTC RUSTFLAGS RUSTC_WRAPPER CC CXX LD AR MAKEFLAGS MAKEFILES GNUMAKEFLAGS RSYNC_RSH TAR_OPTIONS GREP_OPTIONS RIPGREP_CONFIG_PATH WGETRC CURL_HOME NETRC KUBECONFIG KUBECTL_EXTERNAL_DIFF DOTNET_STARTUP_HOOKS XDG_CONFIG_HOME XDG_DATA_HOME XDG_DATA_DIRS XDG_CONFIG_DIRS HTTP_PROXY HTTPS_PROXY ALL_PROXY GCONV_PATH LOCPATH NLSPATH HOSTALIASES RESOLV_HOST_CONF MALLOC_TRACE OPENSSL_CONF OPENSSL_ENGINES PYTEST_ADDOPTS PYTEST_PLUGINS AWKPATH AWKLIBPATH SUDO_ASKPASS PGPASSFILE PGSERVICEFILE'.split(
    ' ',
  ),
);
const REFUSED_FAMILIES =
  /^(?:LD_|DYLD_|BASH_FUNC_|BASH_|GIT_|DOCKER_|BUILDKIT_|COMPOSE_|SSH_|NPM_CONFIG_|YARN_|PNPM_|PYTHON|PERL|RUBY|GEM_|BUNDLE_|LUA_|PHP|JDK_|_JAVA|GOFLAGS|GO[A-Z]+$|CARGO_|RUSTUP_|AWS_|GCLOUD_|KUBE|HELM_|TF_|VAULT_|ANSIBLE_|PIP_|POETRY_|UV_|MAKE|CMAKE_|GNUPG|GPG_|NODE_(?!ENV$)|DBUS_|REEVE_)/;

/** Variables that only change how output looks. */
const HARMLESS =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|TERM|TZ|CI|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLORTERM|COLUMNS|LINES|DEBIAN_FRONTEND)$/;

export type EnvironmentAnswer = { readonly verdict: 'deny' | 'ask'; readonly name: string } | undefined;

/** The first variable that must not be given, else the first whose effect nobody knows. */
export function judgeEnvironment(env: Readonly<Record<string, string>>): EnvironmentAnswer {
  let unknown: string | undefined;
  for (const [name, value] of Object.entries(env)) {
    const folded = name.toUpperCase();
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes('\0')) return { verdict: 'deny', name };
    if (REFUSED_NAMES.has(folded) || REFUSED_FAMILIES.test(folded)) return { verdict: 'deny', name };
    // A value that looks like a function is run by old shells as soon as they start.
    if (value.startsWith('()')) return { verdict: 'deny', name };
    if (!HARMLESS.test(name)) unknown ??= name;
  }
  return unknown === undefined ? undefined : { verdict: 'ask', name: unknown };
}
