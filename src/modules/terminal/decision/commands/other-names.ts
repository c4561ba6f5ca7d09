import { DOWNLOADERS } from '../safety/downloaders.js';
import { SAFETY_LIST } from '../safety/safety-list.js';
import { WRAPPERS } from './wrappers.js';

/** The same command under other names: `docker container run`, `python -m pip`, `/bin/r?`. */
export type Renaming = (argv: readonly string[]) => readonly (readonly string[])[];

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

/** How the commands of a program are put under other names; nothing for the most, which have none. */
export function renamingOf(program: string, pattern: RegExp | undefined): Renaming | undefined {
  switch (program) {
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return withoutContainer;
    case 'py':
    case 'python':
    case 'python2':
    case 'python3':
      return asModule;
    case 'pip3':
      return ([, ...rest]) => [['pip', ...rest]];
  }
  return pattern === undefined ? undefined : asFound(program, pattern);
}

function withoutContainer(argv: readonly string[]): readonly string[][] {
  const at = argv.findIndex((one, index) => index > 0 && !one.startsWith('-'));
  return argv[at] === 'container' ? [argv.filter((_, index) => index !== at)] : NOTHING;
}

function asModule([, ...rest]: readonly string[]): readonly string[][] {
  const at = rest.findIndex((one) => !/^-[bBdEiIOqsSuvx]+$/.test(one));
  return rest[at] === '-m' && at + 1 < rest.length ? [rest.slice(at + 1)] : NOTHING;
}

function asFound(program: string, pattern: RegExp): Renaming {
  // A short pattern alone, `./r*`, says too little about what it finds.
  const isVague = program.replace(/\W/g, '').length < 3;
  return ([, ...rest]) =>
    rest.length === 0 && isVague
      ? NOTHING
      : SOUGHT.filter((name) => pattern.test(name))
          .slice(0, MOST_NAMES)
          .map((name) => [name, ...rest]);
}
