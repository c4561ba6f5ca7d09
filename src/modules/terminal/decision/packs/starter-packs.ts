/** Sets of allow rules to start from. Every pattern only looks, or runs what the project itself calls its tests. */
export interface StarterPack {
  readonly name: string;
  readonly title: string;
  readonly patterns: readonly { readonly pattern: string; readonly reason: string }[];
}

const because = (reason: string, ...patterns: readonly string[]) =>
  patterns.map((pattern) => ({ pattern, reason }));

export const STARTER_PACKS: readonly StarterPack[] = [
  {
    name: 'git-read',
    title: 'Looking at a git repository',
    patterns: [
      ...because(
        'Shows the state of the working tree',
        'git status',
        'git diff',
        'git ls-files',
        'git stash list',
      ),
      ...because(
        'Shows history',
        'git log',
        'git show',
        'git blame',
        'git shortlog',
        'git reflog',
        'git rev-list',
      ),
      ...because(
        'Shows names',
        'git branch --list',
        'git branch --show-current',
        'git tag --list',
        'git remote -v',
        'git rev-parse',
        'git describe',
      ),
      ...because('Searches tracked files', 'git grep'),
    ],
  },
  {
    name: 'node-test',
    title: 'Tests of a Node.js project',
    patterns: [
      ...because(
        'Runs the script of the project',
        'npm test',
        'npm run test',
        'npm run lint',
        'npm run build',
        'npm run typecheck',
      ),
      ...because(
        'Runs the tests of the project',
        'node --test',
        'pnpm test',
        'yarn test',
        'jest',
        'vitest run',
      ),
      ...because('Checks types or style', 'tsc --noEmit', 'eslint', 'prettier --check'),
      ...because('Shows what is installed', 'npm ls', 'npm outdated', 'node --version', 'npm --version'),
    ],
  },
  {
    name: 'python-test',
    title: 'Tests of a Python project',
    patterns: [
      ...because(
        'Runs the tests of the project',
        'pytest',
        'python -m pytest',
        'python3 -m pytest',
        'python -m unittest',
        'python3 -m unittest',
      ),
      ...because('Checks types or style', 'ruff check', 'mypy', 'flake8', 'black --check'),
      ...because('Shows what is installed', 'pip list', 'pip show', 'python --version', 'python3 --version'),
    ],
  },
  {
    name: 'docker-read',
    title: 'Looking at containers, images, networks and volumes',
    patterns: because('Lists', 'docker'),
  },
  {
    name: 'k8s-read',
    title: 'Looking at a Kubernetes cluster, secrets excepted',
    patterns: [
      ...because(
        'Shows resources',
        'kubectl get',
        'kubectl describe',
        'kubectl explain',
        'kubectl api-resources',
      ),
      ...because(
        'Shows the state of the cluster',
        'kubectl top',
        'kubectl version',
        'kubectl cluster-info',
        'kubectl rollout status',
        'kubectl rollout history',
        'kubectl config current-context',
      ),
    ],
  },
  {
    name: 'files-read',
    title: 'Looking at files',
    patterns: [
      ...because('Lists files', 'ls', 'pwd', 'find', 'tree', 'stat', 'file', 'du', 'df'),
      ...because('Shows files', 'cat', 'head', 'tail', 'wc', 'nl', 'cut', 'sort', 'uniq', 'diff', 'jq'),
      ...because('Searches files', 'grep', 'rg'),
      ...because('Says something about names', 'basename', 'dirname', 'realpath', 'which'),
    ],
  },
];
