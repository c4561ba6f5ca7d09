import type { Arguments, Guard, Subcommands } from './guard.js';

/**
 * What is asked of a cloud has options of its own for every question, so all pass that look like one and are none of
 * those that are the same everywhere: another account, another address, a value from a file.
 */
const AWS: Arguments = {
  flags: '--no-paginate --no-cli-pager --follow --no-follow --recursive --human-readable --summarize',
  values: '--region --output --query --max-items --page-size --since --format',
  unlisted: 'cloudoption',
  kinds: {
    '--region --output --since --format': 'name',
    '--max-items --page-size': 'number',
    '--query': 'query',
  },
  operands: 'cloudvalue',
  refused: {
    '--endpoint-url': 'asks another server',
    '--profile --no-sign-request': 'asks as somebody else',
    '--cli-input-json --cli-input-yaml --outfile': 'reads or writes a file',
    '--ca-bundle --no-verify-ssl': 'changes whom it trusts',
    '--debug': 'shows what it signs with',
    '--with-decryption --include-secrets': 'shows secrets',
    '--generate-cli-skeleton': 'makes no request but a template',
    '--cli-auto-prompt': 'waits for somebody at a terminal',
  },
};
/** What is secret is shown when the rule says so word by word. */
const AWS_SECRETS: Subcommands = { '*': { by: 'whole' } };
/** Those that the name alone of the service covers. */
const AWS_IDENTITY: Arguments = { ...AWS, unlisted: 'ask', atMost: 0 };

const GCLOUD: Arguments = {
  flags: '--quiet -q --uri --all --available',
  values:
    '--project --format --filter --limit --sort-by --region --regions --zone --zones --location --page-size --freshness --order --platform --cluster --namespace --instance',
  kinds: {
    '--project --region --regions --zone --zones --location --sort-by --freshness --order --platform --cluster --namespace --instance':
      'name',
    '--limit --page-size': 'number',
    '--format --filter': 'query',
  },
  operands: 'cloudvalue',
};

const AZ: Arguments = {
  flags: '--only-show-errors --all --show-details -d',
  values:
    '-o --output -g --resource-group -n --name --query --subscription -l --location --vnet-name --cluster-name --server --server-name --registry --account-name --repository --top',
  kinds: {
    '-o --output': 'printed',
    '-g --resource-group -n --name --subscription -l --location --vnet-name --cluster-name --server --server-name --registry --account-name --repository --top':
      'name',
    '--query': 'azquery',
  },
  operands: 'none',
};

/** The words that say what is looked at, and at last that it is only looked at. */
function belowGroups(looking: Subcommands, depth: number): Subcommands {
  const deeper: Subcommands =
    depth === 0 ? {} : { '*': { by: 'subcommand', subcommands: belowGroups(looking, depth - 1) } };
  return { ...looking, ...deeper };
}

/** What tells something about what runs elsewhere, by names. */
const TOLD: Arguments = {
  flags: '-q --quiet --json --no-color -A --all-namespaces -a --all',
  values: '-o --output -n --namespace --app --limit --tail --since',
  kinds: {
    '-o --output': 'printed',
    '-n --namespace --app': 'name',
    '--limit --tail': 'number',
    '--since': 'name',
  },
  operands: 'item',
};
const telling: Subcommands[string] = { by: 'subcommand', arguments: TOLD };

export const CLOUD_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'aws',
    why: 'it can change or show far more than the first words say',
    queries: '--version',
    subcommands: {
      sts: {
        by: 'subcommand',
        subcommands: { 'get-caller-identity': { by: 'name', arguments: AWS_IDENTITY } },
      },
      s3: {
        by: 'subcommand',
        subcommands: {
          ls: {
            by: 'subcommand',
            arguments: {
              flags: '--recursive --human-readable --summarize --no-paginate',
              values: '--region --profile --output --page-size',
              kinds: { '--region --profile --output': 'name', '--page-size': 'number' },
              operands: 'bucket',
            },
          },
        },
      },
      logs: {
        by: 'subcommand',
        subcommands: {
          'tail describe-* list-* filter-log-events get-log-events': { by: 'subcommand', arguments: AWS },
        },
      },
      configure: {
        by: 'subcommand',
        subcommands: { 'list list-profiles': { by: 'subcommand', arguments: AWS_IDENTITY } },
      },
      'secretsmanager ssm kms iam cognito-idp sso codeartifact': {
        by: 'subcommand',
        subcommands: { 'list-* describe-*': { by: 'subcommand', arguments: AWS }, ...AWS_SECRETS },
      },
      '*': {
        by: 'subcommand',
        subcommands: { 'list-* describe-*': { by: 'subcommand', arguments: AWS } },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'gcloud',
    why: 'it can change or show far more than the first words say, and sign in as somebody else',
    queries: '--version version',
    subcommands: belowGroups({ 'list describe read': { by: 'subcommand', arguments: GCLOUD } }, 4),
  },
  {
    kind: 'subcommands',
    programs: 'az',
    why: 'it can change or show far more than the first words say, and takes values from files',
    queries: '--version version',
    subcommands: belowGroups({ 'list show': { by: 'subcommand', arguments: AZ } }, 4),
  },
  {
    kind: 'subcommands',
    programs: 'heroku fly flyctl vercel',
    why: 'it can change or show far more than the first words say',
    queries: '--version version',
    subcommands: { 'ps apps releases status list ls whoami addons': telling },
  },
  {
    kind: 'subcommands',
    programs: 'argocd flux istioctl velero nomad consul vault kind minikube',
    why: 'it can change or show far more than the first words say',
    queries: '--version version',
    subcommands: {
      'status members profile': telling,
      app: { by: 'subcommand', subcommands: { 'list history': telling } },
      get: {
        by: 'subcommand',
        subcommands: { 'clusters nodes all kustomizations helmreleases sources': telling },
      },
      'backup restore schedule addons': { by: 'subcommand', subcommands: { 'list get': telling } },
    },
  },
  {
    kind: 'subcommands',
    programs: 'kustomize',
    why: 'it can load plugins and fetch from elsewhere',
    queries: 'version --version',
    subcommands: { build: { by: 'subcommand', arguments: { operands: 'context', atMost: 1 } } },
  },
  {
    kind: 'subcommands',
    programs: 'pulumi',
    why: 'it runs the program of the project, and can be told of another one',
    queries: 'version --version',
    subcommands: {
      preview: {
        by: 'subcommand',
        arguments: {
          flags: '--diff --json --non-interactive -j --suppress-outputs --show-reads --show-sames',
          values: '-s --stack --color -p --parallel',
          kinds: { '-s --stack --color': 'name', '-p --parallel': 'number' },
          atMost: 0,
        },
      },
      stack: {
        by: 'subcommand',
        subcommands: { ls: { by: 'subcommand', arguments: { flags: '-a --all -j --json', atMost: 0 } } },
      },
    },
  },
];
