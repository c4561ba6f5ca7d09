import type { Arguments, Guard, Subcommands } from './guard.js';

const listing: Arguments = {
  flags: '-a --all -q --quiet --no-trunc -s --size -l --latest --digests -v --verbose --tree',
  values: '-f --filter -n --last --format',
  operands: 'images',
};
const naming: Arguments = {
  flags: '-s --size --no-trunc -q --quiet -H --human',
  values: '-f --format --type',
  operands: 'names',
};
const none: Arguments = { values: '-f --format', atMost: 0 };
const logs: Arguments = {
  flags: '-f --follow -t --timestamps --details --no-color --no-log-prefix',
  values: '-n --tail --since --until',
  operands: 'names',
};
const lifecycle: Arguments = { values: '-t --time --timeout -s --signal', operands: 'name' };

/** By name, and only what nobody uses any more. */
const removing: Arguments = { flags: '--no-prune', said: '-f --force -v --volumes', operands: 'names' };

const composing: Subcommands = {
  'ps ls images version': {
    by: 'name',
    arguments: { ...listing, flags: `${listing.flags} --services --orphans` },
  },
  logs: { by: 'subcommand', arguments: logs },
  'up start restart stop down pull kill pause unpause wait': {
    by: 'subcommand',
    arguments: {
      flags:
        '-d --detach --build --wait --force-recreate --no-recreate --no-deps --remove-orphans --quiet-pull -q --quiet --no-build --no-start',
      values: '-t --timeout --scale',
      said: '-v --volumes',
      operands: 'name',
    },
  },
  // What comes after them is not for ps here, they are services.
  'top port events': {
    by: 'subcommand',
    arguments: { flags: '--json', values: '--index --protocol', operands: 'name' },
  },
  build: {
    by: 'subcommand',
    arguments: { flags: '--no-cache --pull -q --quiet', values: '--progress', operands: 'name' },
  },
  config: {
    by: 'subcommand',
    arguments: {
      flags: '--quiet -q --services --volumes --images --profiles',
      needs: '--quiet -q --services --volumes --images --profiles',
      atMost: 0,
    },
  },
};

const docker: Subcommands = {
  'ps images': { by: 'name', arguments: listing },
  'version info': { by: 'name', arguments: none },
  container: {
    by: 'name',
    subcommands: {
      'ls list ps': { by: 'name', arguments: listing },
      'inspect stats port diff': { by: 'subcommand', arguments: naming },
      top: { by: 'subcommand', arguments: { ...naming, atMost: 1 } },
      logs: { by: 'subcommand', arguments: logs },
      'start stop restart pause unpause wait kill': { by: 'subcommand', arguments: lifecycle },
      rm: { by: 'subcommand', arguments: removing },
    },
  },
  image: {
    by: 'name',
    subcommands: {
      'ls list': { by: 'name', arguments: listing },
      'inspect history': { by: 'subcommand', arguments: naming },
      pull: {
        by: 'subcommand',
        arguments: { flags: '-q --quiet', values: '--platform', operands: 'names' },
      },
      rm: { by: 'subcommand', arguments: removing },
    },
  },
  'network volume': {
    by: 'name',
    subcommands: {
      'ls list': { by: 'name', arguments: listing },
      inspect: { by: 'subcommand', arguments: naming },
      'create rm': { by: 'subcommand', arguments: { said: '-f --force', operands: 'name' } },
    },
  },
  'service stack node swarm secret config plugin': {
    by: 'subcommand',
    subcommands: {
      'ls list ps services': { by: 'subcommand', arguments: listing },
      logs: { by: 'subcommand', arguments: logs },
    },
  },
  buildx: {
    by: 'subcommand',
    subcommands: {
      'ls version': { by: 'subcommand', arguments: { flags: '--no-trunc', values: '--format', atMost: 0 } },
      'du inspect': { by: 'subcommand', arguments: { flags: '--verbose', operands: 'name', atMost: 1 } },
    },
  },
  manifest: {
    by: 'subcommand',
    subcommands: { inspect: { by: 'subcommand', arguments: { flags: '-v --verbose', operands: 'names' } } },
  },
  search: {
    by: 'subcommand',
    arguments: { flags: '--no-trunc', values: '-f --filter --format --limit', operands: 'names', atMost: 1 },
  },
  'rm rmi': { by: 'subcommand', arguments: removing },
  logs: { by: 'subcommand', arguments: logs },
  'inspect port diff history': { by: 'subcommand', arguments: naming },
  // What comes after the container is for ps, which can show the environment.
  top: { by: 'subcommand', arguments: { ...naming, atMost: 1 } },
  stats: {
    by: 'subcommand',
    arguments: { flags: '-a --all --no-stream --no-trunc', values: '--format', operands: 'name' },
  },
  events: { by: 'subcommand', arguments: { values: '--since --until -f --filter --format', atMost: 0 } },
  'start stop restart pause unpause wait kill': { by: 'subcommand', arguments: lifecycle },
  pull: {
    by: 'subcommand',
    arguments: { flags: '-q --quiet', values: '--platform', operands: 'names' },
  },
  tag: { by: 'subcommand', arguments: { operands: 'names', atMost: 2 } },
  build: {
    by: 'subcommand',
    arguments: {
      flags: '--no-cache --pull -q --quiet --rm --force-rm',
      values: '-t --tag -f --file --target --progress --platform --label --build-arg',
      kinds: { '-f --file': 'below' },
      operands: 'context',
      atMost: 1,
      refused: {
        '-o --output --metadata-file --iidfile': 'writes files',
        '--secret --ssh --allow --security-opt --network --add-host --build-context --builder':
          'gives the build more than its directory',
      },
    },
  },
  system: {
    by: 'subcommand',
    subcommands: {
      df: { by: 'subcommand', arguments: { flags: '-v --verbose', values: '--format' } },
      info: { by: 'name', arguments: none },
    },
  },
  context: { by: 'subcommand', subcommands: { 'ls list show': { by: 'subcommand', arguments: listing } } },
  compose: { by: 'subcommand', subcommands: composing },
};

const scope = '-n --namespace';
const kubectlReads: Arguments = {
  flags:
    '-A --all-namespaces -w --watch --show-labels --no-headers --ignore-not-found --show-kind --watch-only --show-events --recursive --containers --short --client --namespaced',
  values: `${scope} -o --output -l --selector --field-selector --sort-by -L --label-columns --chunk-size --api-group --verbs --api-version`,
  optional: '--namespaced --client --show-labels --watch',
  kinds: { '-o --output': 'template' },
  operands: 'resources',
  refused: {
    '--kubeconfig --context --cluster --user -s --server --as --as-group --token --certificate-authority --insecure-skip-tls-verify --tls-server-name':
      'speaks to another cluster or as somebody else',
    '--raw': 'asks the server for anything',
    '-f --filename -k --kustomize': 'reads files and can run plugins',
    '--template': 'may name a file',
  },
};
const kubectlChanges: Arguments = {
  flags: '--dry-run=server --dry-run=client --wait --wait=false --overwrite --server-side',
  values: `${scope} --replicas --timeout -l --selector --current-replicas --to-revision`,
  operands: 'resources',
  said: '--all -A --all-namespaces --force --grace-period=0 --now',
  refused: kubectlReads.refused,
};

const kubectl: Subcommands = {
  'get describe top explain api-resources api-versions version': {
    by: 'name',
    arguments: kubectlReads,
    subcommands: undefined,
  },
  'cluster-info': { by: 'name', arguments: { atMost: 0 } },
  rollout: {
    by: 'name',
    subcommands: {
      'status history': {
        by: 'name',
        arguments: { ...kubectlReads, values: `${kubectlReads.values} --timeout --revision` },
      },
      'restart undo pause resume': { by: 'subcommand', arguments: kubectlChanges },
    },
  },
  diff: {
    by: 'subcommand',
    arguments: {
      flags: '--server-side -R --recursive',
      values: `${scope} -f --filename -l --selector`,
      kinds: { '-f --filename': 'manifest' },
      atMost: 0,
      refused: { ...kubectlReads.refused, '-f --filename': 'reads a file from elsewhere' },
    },
  },
  config: {
    by: 'name',
    subcommands: {
      view: {
        by: 'subcommand',
        arguments: { flags: '--minify', values: '-o', kinds: { '-o': 'template' }, atMost: 0 },
      },
      'current-context get-contexts get-clusters': {
        by: 'name',
        arguments: { flags: '--no-headers', values: '-o', kinds: { '-o': 'template' }, operands: 'names' },
      },
      'use-context': { by: 'subcommand', arguments: { operands: 'names' } },
    },
  },
  auth: {
    by: 'name',
    subcommands: {
      'can-i': { by: 'name', arguments: { flags: '--list -q', values: scope, operands: 'names' } },
      whoami: { by: 'name', arguments: {} },
    },
  },
  logs: {
    by: 'subcommand',
    arguments: {
      flags: '-f --follow -p --previous --timestamps --all-containers --prefix --all-pods',
      values: `${scope} -c --container --tail --since --since-time -l --selector --max-log-requests`,
      optional: '--tail --since',
      operands: 'names',
      refused: kubectlReads.refused,
    },
  },
  apply: {
    by: 'subcommand',
    arguments: {
      flags: '--server-side --dry-run=server --dry-run=client -R --recursive --wait',
      values: `${scope} -f --filename --timeout`,
      kinds: { '-f --filename': 'manifest' },
      atMost: 0,
      said: '--prune --all --force --force-conflicts',
      refused: { ...kubectlReads.refused, '-f --filename': 'reads a file from elsewhere' },
    },
  },
  events: {
    by: 'name',
    arguments: { ...kubectlReads, values: `${kubectlReads.values} --for --types`, atMost: 0 },
  },
  kustomize: { by: 'subcommand', arguments: { operands: 'kustomization', atMost: 1 } },
  'scale label annotate delete cordon uncordon': { by: 'subcommand', arguments: kubectlChanges },
  wait: { by: 'subcommand', arguments: { ...kubectlChanges, values: `${kubectlChanges.values} --for` } },
};

export const CONTAINER_GUARDS: readonly Guard[] = [
  {
    kind: 'subcommands',
    programs: 'docker podman nerdctl',
    why: 'whoever speaks to the daemon can become root of the host, and containers show their environment and files',
    queries: '--version -v',
    subcommands: docker,
  },
  {
    kind: 'subcommands',
    programs: 'docker-compose podman-compose',
    why: 'it starts what a file describes',
    queries: '--version version',
    subcommands: composing,
  },
  {
    kind: 'subcommands',
    programs: 'kubectl oc k',
    why: 'it can show secrets, run commands in containers, load plugins and speak to another cluster',
    skippedValues: '-n --namespace',
    overrides: '-A --all-namespaces',
    subcommands: kubectl,
  },
  {
    kind: 'subcommands',
    programs: 'helm',
    why: 'it can show values, load plugins and speak to another cluster',
    subcommands: {
      'list ls status history': {
        by: 'name',
        arguments: {
          flags: '-A --all-namespaces -a --all -q --short --deployed --failed --pending',
          values: '-n --namespace -o --output --max --filter -l',
          operands: 'name',
        },
      },
      version: { by: 'name', arguments: { flags: '--short' } },
      get: {
        by: 'subcommand',
        subcommands: {
          'values manifest notes hooks all metadata': {
            by: 'subcommand',
            arguments: {
              flags: '-a --all',
              values: '-n --namespace -o --output --revision',
              kinds: { '-n --namespace -o --output': 'name', '--revision': 'number' },
              operands: 'name',
              atMost: 1,
            },
          },
        },
      },
      search: {
        by: 'subcommand',
        subcommands: {
          repo: {
            by: 'name',
            arguments: {
              flags: '-l --versions --devel',
              values: '-o --output --version',
              kinds: { '-o --output --version': 'name' },
              operands: 'names',
            },
          },
        },
      },
      show: {
        by: 'subcommand',
        subcommands: {
          'chart values readme': {
            by: 'name',
            arguments: { values: '--version', kinds: { '--version': 'name' }, operands: 'below', atMost: 1 },
          },
        },
      },
      repo: { by: 'subcommand', subcommands: { list: { by: 'name', arguments: { atMost: 0 } } } },
      lint: { by: 'subcommand', arguments: { flags: '--strict --quiet', operands: 'below' } },
      'dependency dep': {
        by: 'subcommand',
        subcommands: { 'list ls': { by: 'subcommand', arguments: { operands: 'context', atMost: 1 } } },
      },
      template: {
        by: 'subcommand',
        arguments: {
          flags: '--debug --include-crds --skip-tests',
          values: '-n --namespace -s --show-only -f --values --set --version --kube-version',
          kinds: {
            '-n --namespace --version --kube-version': 'name',
            '-s --show-only -f --values': 'manifest',
          },
          operands: 'below',
        },
      },
    },
  },
  {
    kind: 'subcommands',
    programs: 'terraform tofu',
    why: 'planning runs providers, and applying changes the world',
    queries: '-version --version',
    subcommands: {
      'version validate providers': {
        by: 'name',
        arguments: { style: 'words', flags: '-json -no-color', atMost: 0 },
      },
      fmt: {
        by: 'name',
        arguments: {
          style: 'words',
          flags: '-check -diff -recursive -list=false -write=false',
          needs: '-check -write=false',
          operands: 'below',
        },
      },
      plan: {
        by: 'subcommand',
        arguments: {
          style: 'words',
          flags:
            '-no-color -input=false -detailed-exitcode -refresh=false -refresh-only -lock=false -compact-warnings -json',
          values: '-parallelism -target -lock-timeout -out',
          kinds: { '-out': 'planfile' },
          atMost: 0,
        },
      },
      init: {
        by: 'subcommand',
        arguments: { style: 'words', flags: '-backend=false -input=false -no-color', atMost: 0 },
      },
      show: {
        by: 'subcommand',
        arguments: { style: 'words', flags: '-json -no-color', operands: 'planfile', atMost: 1 },
      },
      graph: { by: 'subcommand', arguments: { style: 'words', flags: '-draw-cycles', atMost: 0 } },
      output: {
        by: 'subcommand',
        arguments: { style: 'words', flags: '-json -raw -no-color', operands: 'name', atMost: 1 },
      },
      workspace: {
        by: 'subcommand',
        subcommands: { 'list show': { by: 'name', arguments: { style: 'words', atMost: 0 } } },
      },
      state: {
        by: 'subcommand',
        subcommands: { 'list show': { by: 'subcommand', arguments: { style: 'words', operands: 'any' } } },
      },
    },
  },
  {
    kind: 'whole',
    programs:
      'helmfile terragrunt skaffold tilt devcontainer lazydocker dive ctop kubectx kubens eksctl kops ctr crictl runc buildah skopeo podman-remote vagrant virsh lxc lxd incus multipass k3s k9s doctl wrangler netlify serverless sam packer aoss certbot tailscale docker-machine docker-buildx img ko jib s2i finch limactl lima colima orb crun youki umoci kubefwd telepresence mirrord okteto devspace garden draft werf ytt kapp tk tanka argo fluxctl linkerd cilium calicoctl kubeadm kubelet talosctl microk8s odo rosa ocm tkn kn func faas-cli dapr cdktf cdk8s sst amplify localstack awslocal saml2aws aws-sso granted assume leapp aws-nuke cloud-nuke oci ibmcloud linode-cli hcloud scw exo vultr-cli upctl civo openstack cf bosh credhub circleci travis buildkite-agent drone gitlab-runner jenkins-cli sentry-cli datadog-ci vboxmanage vmrun qemu-img qemu-nbd qemu-system-x86_64 guestfish guestmount virt-customize firecracker jailer cloud-init cloud-localds steampipe cloudquery kubectl-debug krew cloud_sql_proxy cloud-sql-proxy gh-copilot lab tea jira',
    queries: '--version version',
    why: 'it can change or show far more than the first words say; a rule must spell out the whole command',
  },
];
