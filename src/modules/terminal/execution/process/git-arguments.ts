/** Options in front of the subcommand that have a value behind them. */
const WITH_VALUE = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path']);
/** Those that show differences, for which a repository may name programs of its own. No variable switches that off. */
const SHOWING = new Set(['diff', 'log', 'show', 'whatchanged']);
const WITHOUT_PROGRAMS = ['--no-ext-diff', '--no-textconv'];

/** The same command, which obeys the repository no more than it has to. */
export function withoutHelpers(argv: readonly string[]): readonly string[] {
  if (argv[0] !== 'git') return argv;
  let at = 1;
  while (argv[at]?.startsWith('-')) at += WITH_VALUE.has(argv[at]) ? 2 : 1;
  if (!SHOWING.has(argv[at])) return argv;
  return [...argv.slice(0, at + 1), ...WITHOUT_PROGRAMS, ...argv.slice(at + 1)];
}
