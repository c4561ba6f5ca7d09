import type { Arguments, Guard, Subcommand, Subcommands } from './guard.js';

const CHANGES = 'it can change or show far more than the first words say';

/** What tells something about everything there is: a further word would be a subcommand, or the name of what changes. */
const overview = (options: Pick<Arguments, 'flags' | 'values' | 'kinds'> = {}): Subcommand => ({
  by: 'name',
  arguments: { ...options, operands: 'none' },
});

/** The same about one thing that may be named. */
const about = (options: Pick<Arguments, 'flags' | 'values' | 'kinds'> = {}): Subcommand => ({
  by: 'name',
  arguments: { ...options, operands: 'item', atMost: 1 },
});

/** A rule has to name it, and not the program alone. */
const named = (subcommand: Subcommand): Subcommand => ({ ...subcommand, by: 'subcommand' });

const PRINTED = { values: '-o --output', kinds: { '-o --output': 'printed' } } as const;
const IN_NAMESPACES = {
  flags: '-A --all-namespaces --no-header',
  values: '-o --output -n --namespace -l --selector',
  kinds: { '-o --output': 'printed', '-n --namespace': 'name' },
} as const;
const OF_APP = {
  flags: '-j --json --all',
  values: '-a --app -n --num',
  kinds: { '-a --app': 'name', '-n --num': 'number' },
} as const;

const platform = (programs: string, subcommands: Subcommands): Guard => ({
  kind: 'subcommands',
  programs,
  why: CHANGES,
  queries: '--version version',
  subcommands,
});

/** Programs that speak to what runs elsewhere. Each has subcommands of its own, and no word of one is taken for a name. */
export const PLATFORM_GUARDS: readonly Guard[] = [
  platform('heroku', {
    'ps status whoami apps releases addons': named(overview(OF_APP)),
  }),
  platform('fly flyctl', {
    status: named(overview(OF_APP)),
    releases: { ...named(overview(OF_APP)), subcommands: { list: overview(OF_APP) } },
    'apps machine machines volumes': {
      by: 'subcommand',
      subcommands: { 'list ls': overview(OF_APP) },
    },
  }),
  platform('vercel', {
    'ls list': { by: 'subcommand', arguments: { flags: '--prod', operands: 'name', atMost: 1 } },
    whoami: named(overview()),
  }),
  platform('argocd', {
    app: { by: 'subcommand', subcommands: { list: overview(PRINTED), history: about(PRINTED) } },
  }),
  platform('flux', {
    get: {
      by: 'subcommand',
      subcommands: {
        all: overview(IN_NAMESPACES),
        'kustomizations helmreleases': about(IN_NAMESPACES),
        sources: {
          by: 'name',
          subcommands: { all: overview(IN_NAMESPACES), 'git helm oci bucket chart': about(IN_NAMESPACES) },
        },
      },
    },
  }),
  {
    kind: 'whole',
    programs: 'istioctl',
    why: CHANGES,
    queries: '--version version',
  },
  platform('velero', {
    'backup restore schedule': { by: 'subcommand', subcommands: { get: about(IN_NAMESPACES) } },
  }),
  platform('nomad', { status: named(about()) }),
  platform('consul', { members: named(overview()) }),
  platform('vault', { status: named(overview()) }),
  platform('kind', {
    get: {
      by: 'subcommand',
      subcommands: {
        clusters: overview({ flags: '-q --quiet' }),
        nodes: overview({
          flags: '-A --all-clusters -q --quiet',
          values: '-n --name',
          kinds: { '-n --name': 'name' },
        }),
      },
    },
  }),
  platform('minikube', {
    status: named(overview(PRINTED)),
    // With a name it would be switched to.
    profile: { ...named(overview(PRINTED)), subcommands: { list: overview(PRINTED) } },
    addons: { by: 'subcommand', subcommands: { list: overview(PRINTED) } },
  }),
  {
    kind: 'subcommands',
    programs: 'kustomize',
    why: 'it can load plugins and fetch from elsewhere',
    queries: 'version --version',
    subcommands: { build: { by: 'subcommand', arguments: { operands: 'kustomization', atMost: 1 } } },
  },
];
