import type { Arguments, Guard, Subcommand, Subcommands } from './guard.js';

/**
 * Programs take options by the beginning of their names too. Where options that are not listed pass, what is listed would
 * lose what its value must look like when it is shortened, so every beginning of those is refused.
 */
function shortened({ values = '', refused = {} }: Arguments): Record<string, string> {
  const names = [values, ...Object.keys(refused)].flatMap((listed) => listed.split(' '));
  const beginnings = names.flatMap((name) =>
    [...name.slice(3)].map((_, at) => [name.slice(0, at + 3), `may be short for \`${name}\``] as const),
  );
  return Object.fromEntries(beginnings);
}

function withoutShortened(given: Arguments): Arguments {
  return { ...given, refused: { ...shortened(given), ...given.refused } };
}

/**
 * What is asked of a cloud has options of its own for every question, so all pass that look like one and are none of
 * those that are the same everywhere: another account, another address, a value from a file.
 */
const AWS: Arguments = withoutShortened({
  flags: '--no-paginate --no-cli-pager',
  values: '--region --account-id --graph-identifier --output --query --max-items --page-size',
  unlisted: 'cloudoption',
  kinds: {
    // All of these become a part of the name of the server that is asked.
    '--region --account-id --graph-identifier': 'region',
    '--output': 'name',
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
    '--with-decryption --include-secrets --unmask': 'shows secrets',
    '--generate-cli-skeleton': 'makes no request but a template',
    '--cli-auto-prompt': 'waits for somebody at a terminal',
  },
});
/** Everything that these take is listed, so nothing else passes. */
const AWS_LISTED: Arguments = { ...AWS, unlisted: 'ask', operands: 'none' };
/** Those that the name alone of the service covers. */
const AWS_IDENTITY: Arguments = { ...AWS_LISTED, atMost: 0 };
const AWS_LOG_TAIL: Arguments = {
  ...AWS_LISTED,
  flags: '--follow --no-paginate --no-cli-pager',
  values:
    '--region --output --query --since --format --filter-pattern --log-stream-names --log-stream-name-prefix',
  kinds: {
    '--region': 'region',
    '--output --since --format': 'name',
    '--query': 'query',
    '--filter-pattern --log-stream-names --log-stream-name-prefix': 'cloudvalue',
  },
  operands: 'cloudvalue',
  atMost: 1,
};
const AWS_LOG_EVENTS: Arguments = {
  ...AWS_LISTED,
  flags: '--start-from-head --no-start-from-head --interleaved --no-interleaved --no-paginate --no-cli-pager',
  values:
    '--region --output --query --max-items --page-size --starting-token --next-token --limit --start-time --end-time --log-group-name --log-group-identifier --log-stream-name --log-stream-names --log-stream-name-prefix --filter-pattern',
  kinds: {
    '--region': 'region',
    '--output': 'name',
    '--query': 'query',
    '--max-items --page-size --limit --start-time --end-time': 'number',
    '--starting-token --next-token --log-group-name --log-group-identifier --log-stream-name --log-stream-names --log-stream-name-prefix --filter-pattern':
      'cloudvalue',
  },
};

/** What is secret is shown when the rule says so word by word. */
const AWS_SECRETS: Subcommands = { '*': { by: 'whole' } };
const AWS_LOOKS: Subcommands = { 'list-* describe-*': { by: 'subcommand', arguments: AWS } };
/** What shows secrets though its name says nothing of them. */
function lookingWithout(secrets: string): Subcommand {
  return { by: 'subcommand', subcommands: { [secrets]: { by: 'whole' }, ...AWS_LOOKS } };
}

const GCLOUD: Arguments = {
  flags: '--quiet -q --uri --all --available',
  values:
    '--project --format --filter --limit --sort-by --region --regions --zone --zones --location --page-size --freshness --order --platform --cluster --namespace --instance',
  kinds: {
    '--region --regions --zone --zones --location': 'region',
    '--project --sort-by --freshness --order --platform --cluster --namespace --instance': 'name',
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
    // Some of these become a part of the name of the server that is asked.
    '-n --name --server --server-name --registry --account-name': 'hostname',
    '-g --resource-group --subscription -l --location --vnet-name --cluster-name --repository --top': 'name',
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

const GCLOUD_LOOK: Subcommand = { by: 'subcommand', arguments: GCLOUD };
const GCLOUD_LOOKS: Subcommands = { 'list describe': GCLOUD_LOOK };
/** Things are named in the plural where they are listed; any other word might be a command and `list` its operand. */
function belowPlurals(depth: number): Subcommands {
  if (depth === 0) return {};
  const deeper = belowPlurals(depth - 1);
  return {
    managed: { by: 'subcommand', subcommands: { ...GCLOUD_LOOKS, ...deeper } },
    '*s': { by: 'subcommand', subcommands: { ...GCLOUD_LOOKS, ...deeper } },
    '*': { by: 'subcommand', subcommands: deeper },
  };
}

const GCLOUD_GROUPS: Subcommands = {
  auth: { by: 'subcommand', subcommands: { list: GCLOUD_LOOK } },
  'config asset': { by: 'subcommand', subcommands: { list: GCLOUD_LOOK, ...belowPlurals(3) } },
  logging: { by: 'subcommand', subcommands: { read: GCLOUD_LOOK, ...belowPlurals(3) } },
  app: { by: 'subcommand', subcommands: { describe: GCLOUD_LOOK, ...belowPlurals(3) } },
  // Groups that are called like something that is done.
  'run deploy': { by: 'subcommand', subcommands: belowPlurals(3) },
  apigee: { by: 'whole' },
  ...belowPlurals(4),
};

/** What tells something about what runs elsewhere, by names. */

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
              kinds: { '--region': 'region', '--profile --output': 'name', '--page-size': 'number' },
              operands: 'bucket',
            },
          },
        },
      },
      logs: {
        by: 'subcommand',
        subcommands: {
          tail: { by: 'subcommand', arguments: AWS_LOG_TAIL },
          'filter-log-events get-log-events': { by: 'subcommand', arguments: AWS_LOG_EVENTS },
          ...AWS_LOOKS,
        },
      },
      configure: {
        by: 'subcommand',
        subcommands: { 'list list-profiles': { by: 'subcommand', arguments: AWS_IDENTITY } },
      },
      'cognito-idp': {
        by: 'subcommand',
        subcommands: {
          'describe-user-pool-client* describe-identity-provider*': { by: 'whole' },
          ...AWS_LOOKS,
          ...AWS_SECRETS,
        },
      },
      'secretsmanager ssm kms iam sso codeartifact': {
        by: 'subcommand',
        subcommands: { ...AWS_LOOKS, ...AWS_SECRETS },
      },
      ec2: lookingWithout(
        'describe-vpn-connections* describe-verified-access-trust-providers* describe-instance-attribute* describe-launch-template-versions*',
      ),
      'amplify appstream chime cloudhsmv2 emr chime-sdk-identity chime-sdk-meetings datazone': lookingWithout(
        'list-apps* list-branches* describe-directory-configs* list-bots* describe-app-instance-user-endpoint* list-attendees* list-connections* describe-cluster*',
      ),
      'codepipeline datasync directconnect dms ds eks firehose': lookingWithout(
        'list-webhooks* describe-location-* describe-virtual-interfaces* describe-endpoints* describe-directories* describe-eks-anywhere-subscription* list-eks-anywhere-subscriptions* describe-delivery-stream*',
      ),
      'eventbridgev2 lexv2-models mediapackage': lookingWithout(
        'describe-event-source* describe-bot-recommendation* describe-channel* list-channels*',
      ),
      // Some services are called like something that is done.
      'deploy connect *': { by: 'subcommand', subcommands: AWS_LOOKS },
    },
  },
  {
    kind: 'subcommands',
    programs: 'gcloud',
    why: 'it can change or show far more than the first words say, and sign in as somebody else',
    queries: '--version version',
    subcommands: {
      'alpha beta': { by: 'subcommand', subcommands: GCLOUD_GROUPS },
      ...GCLOUD_GROUPS,
    },
  },
  {
    kind: 'subcommands',
    programs: 'az',
    why: 'it can change or show far more than the first words say, and takes values from files',
    queries: '--version version',
    subcommands: {
      // Keys and values are among what these show of everything.
      'appconfig iot spring': { by: 'whole' },
      ...belowGroups({ 'list show': { by: 'subcommand', arguments: AZ } }, 4),
    },
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
