import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { ConfigurationFault } from './configuration-faults.js';
import type { TerminalUser } from './configuration.js';
import type { EnvironmentVariables } from './environment.js';
import type { VariableName, VariableValues } from './variables.js';

const ROOT = 0;
const OF_NPM = /\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/;
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What says where programs are and how they write; everything else of the service is its own business. */
const INHERITED = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/** What would keep this process from running commands as it should. One that only answers HTTP runs none. */
export function terminalFaults(
  values: VariableValues,
  directory: string,
  userId: number | undefined,
): ConfigurationFault[] {
  if (!values.REEVE_SERVER_TERMINAL) return [];
  const root = terminalRoot(values, directory);
  if (root === undefined)
    return [
      fault(
        'REEVE_TERMINAL_ROOT',
        'is missing while REEVE_SERVER_TERMINAL is true',
        'Name the directory that commands must stay in.',
      ),
    ];
  if (values.REEVE_ROLE === 'api') return [];
  return [...rootFaults(root), ...accountFaults(values, userId)];
}

export function terminalRoot(values: VariableValues, directory: string): string | undefined {
  const { REEVE_SERVER_TERMINAL: isOn, REEVE_TERMINAL_ROOT: root } = values;
  return isOn && root !== undefined ? resolve(directory, root) : undefined;
}

/** Undefined when nothing has to be taken on: commands run as the service does. */
export function terminalUser(values: VariableValues, userId: number | undefined): TerminalUser | undefined {
  const { REEVE_TERMINAL_UID: uid, REEVE_TERMINAL_GID: gid } = values;
  return uid === undefined || uid === userId ? undefined : { uid, gid: gid ?? uid };
}

export function terminalEnvironment(variables: EnvironmentVariables): Record<string, string> {
  const inherited = Object.entries(variables).filter(
    (entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined,
  );
  return { LANG: 'C.UTF-8', ...Object.fromEntries(inherited), PATH: searchPath(variables.PATH) };
}

/**
 * Without places that depend on where a command runs: whoever may write there would decide what a name means. `npm start`
 * puts the programs of this very service in front, and those of every directory above it, whether there are any or not.
 */
function searchPath(path: string | undefined): string {
  const all = (path ?? '').split(':');
  const firstOther = all.findIndex((place) => !OF_NPM.test(place));
  const places = all.slice(Math.max(0, firstOther)).filter((place) => isAbsolute(place));
  return places.length === 0 ? USUAL_PATH : places.join(':');
}

function rootFaults(root: string): ConfigurationFault[] {
  try {
    if (statSync(root).isDirectory()) return [];
  } catch {
    // Told below, like a file of that name.
  }
  return [
    fault('REEVE_TERMINAL_ROOT', 'names no directory', 'Make the directory that commands must stay in.'),
  ];
}

function accountFaults(values: VariableValues, userId: number | undefined): ConfigurationFault[] {
  const {
    REEVE_TERMINAL_UID: uid,
    REEVE_TERMINAL_GID: gid,
    REEVE_TERMINAL_ALLOW_ROOT: isRootAllowed,
  } = values;
  const remedy =
    'Name an account that may do little, or set REEVE_TERMINAL_ALLOW_ROOT=true if commands are meant to run as root.';
  if (uid === undefined && gid !== undefined)
    return [fault('REEVE_TERMINAL_GID', 'is set without REEVE_TERMINAL_UID', 'Set both, or neither.')];
  if (uid === undefined && userId === ROOT && !isRootAllowed)
    return [fault('REEVE_TERMINAL_UID', 'is missing while the service runs as root', remedy)];
  if (uid !== undefined && uid !== userId && userId !== ROOT)
    return [
      fault(
        'REEVE_TERMINAL_UID',
        'is not the account of the service, which may not take on others',
        'Leave it out, or start the service as root.',
      ),
    ];
  const faults: ConfigurationFault[] = [];
  if (uid === ROOT && !isRootAllowed) faults.push(fault('REEVE_TERMINAL_UID', 'is root', remedy));
  if (gid === ROOT && !isRootAllowed)
    faults.push(fault('REEVE_TERMINAL_GID', 'is the group of root', remedy));
  return faults;
}

function fault(variable: VariableName, problem: string, remedy: string): ConfigurationFault {
  return { variable, problem, remedy };
}
