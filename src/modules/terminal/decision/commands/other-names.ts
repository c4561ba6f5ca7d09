import { DOWNLOADERS } from '../safety/downloaders.js';
import { SAFETY_LIST } from '../safety/safety-list.js';
import { programNameOf } from './program-name.js';
import { WRAPPERS } from './wrappers.js';

/** Programs whose names are sought when a pattern stands for one. */
const SOUGHT: readonly string[] = [
  ...new Set([
    ...SAFETY_LIST.flatMap(({ conditions }) =>
      conditions.flatMap(({ programs }) => programs?.split(' ') ?? []),
    ).map(
      // `mkfs.*` stands for the one that is met most.
      (name) => name.replace('*', 'ext4'),
    ),
    ...DOWNLOADERS,
    ...WRAPPERS.flatMap(({ programs }) => programs.split(' ')),
  ]),
];
const MOST_NAMES = 40;
const NOTHING: readonly string[][] = [];

/** The same command under other names: `docker container run`, `python -m pip`, `/bin/r?`. */
export function otherNames(argv: readonly string[], program: string): readonly string[][] {
  const [word, ...rest] = argv;
  switch (program) {
    case 'docker':
    case 'podman':
    case 'nerdctl': {
      const at = argv.findIndex((one, index) => index > 0 && !one.startsWith('-'));
      return argv[at] === 'container' ? [argv.filter((_, index) => index !== at)] : NOTHING;
    }
    case 'py':
    case 'python':
    case 'python2':
    case 'python3': {
      const at = rest.findIndex((one) => !/^-[bBdEiIOqsSuvx]+$/.test(one));
      return rest[at] === '-m' && at + 1 < rest.length ? [rest.slice(at + 1)] : NOTHING;
    }
    case 'pip3':
      return [['pip', ...rest]];
  }
  const pattern = programPattern(word);
  if (pattern === undefined) return NOTHING;
  // A short pattern alone, `./r*`, says too little about what it finds.
  const isVague = rest.length === 0 && program.replace(/\W/g, '').length < 3;
  return isVague
    ? NOTHING
    : SOUGHT.filter((name) => pattern.test(name))
        .slice(0, MOST_NAMES)
        .map((name) => [name, ...rest]);
}

/** What a pattern that stands for a program may find: one without directories, or in one that is named in full. */
export function programPattern(word: string): RegExp | undefined {
  if (!/[*?]|\[[^\]]+\]/.test(word) || !/^\/|^[^/]*$/.test(word)) return undefined;
  const name = programNameOf(word);
  if (!/[*?]|\[[^\]]+\]/.test(name) || /^\*+$/.test(name)) return undefined;
  const source = name
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[!/g, '[^');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}
