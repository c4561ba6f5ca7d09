import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What the agent side of the `reeve` command reads. They are no settings of the service, which lets them be. */
export const CLIENT_VARIABLES: ReadonlySet<string> = new Set(['REEVE_SERVER', 'REEVE_TOKEN']);

export interface ClientEnvironment {
  /** Instead of the server of the stored login. */
  readonly server: string | undefined;
  /** Instead of the stored key: what an agent was given, such as a delegation token. */
  readonly token: string | undefined;
  /** Where the login is stored (XDG Base Directory Specification). */
  readonly configDirectory: string;
  /** Where programs are looked for, in this order; a place without a name is the working directory. */
  readonly searchPath: readonly string[];
}

/** Read directly, without the settings of the service: the command runs on machines that have none. */
export function clientEnvironment(): ClientEnvironment {
  const { REEVE_SERVER, REEVE_TOKEN, XDG_CONFIG_HOME, PATH = '' } = process.env;
  // The specification says that a relative path is to be ignored.
  const base = XDG_CONFIG_HOME?.startsWith('/') === true ? XDG_CONFIG_HOME : join(homedir(), '.config');
  return {
    server: REEVE_SERVER === '' ? undefined : REEVE_SERVER,
    token: REEVE_TOKEN === '' ? undefined : REEVE_TOKEN,
    configDirectory: join(base, 'reeve'),
    searchPath: PATH.split(delimiter),
  };
}
