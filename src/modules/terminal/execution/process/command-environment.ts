import { judgeEnvironment } from '../../decision/index.js';
import { RunRefused } from '../driver.js';

/** By it processes of a command are found that have left everything else behind. */
export const MARK = 'COMMAND_REQUEST_ID';

/**
 * Keeps what lies in a repository's configuration from choosing programs: hooks, helpers, pagers, editors, other
 * transports. The variables count for more than any file (git-config(1)).
 */
const GIT_SETTINGS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.pager': 'cat',
  'core.editor': 'false',
  'core.askPass': 'true',
  'core.sshCommand': 'ssh -oBatchMode=yes',
  'core.gitProxy': '',
  'core.attributesFile': '/dev/null',
  'core.alternateRefsCommand': 'true',
  'credential.helper': '',
  'interactive.diffFilter': '',
  'sequence.editor': 'false',
  'log.showSignature': 'false',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'protocol.ext.allow': 'never',
  'gc.auto': '0',
  'maintenance.auto': 'false',
};

const GIT: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_SEQUENCE_EDITOR: 'false',
  GIT_CONFIG_COUNT: String(Object.keys(GIT_SETTINGS).length),
  ...Object.fromEntries(
    Object.entries(GIT_SETTINGS).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

export interface Surroundings {
  /** What every command gets of the environment of the service. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Also the home, where programs look for their settings: those of the service's account are not theirs. */
  readonly root: string;
  readonly userName: string | undefined;
}

/**
 * All that a command gets: nothing of the service's own but what is listed.
 *
 * @param asked what the request says; judged before, and once more here
 * @throws RunRefused
 */
export function commandEnvironment(
  { inherited, root, userName }: Surroundings,
  asked: Readonly<Record<string, string>>,
  directory: string,
  commandId: string,
): Record<string, string> {
  const refused = judgeEnvironment(asked);
  if (refused?.verdict === 'deny')
    throw new RunRefused(
      'environment_refused',
      `The variable ${refused.name} can change which program runs or what it loads.`,
    );
  return {
    TERM: 'dumb',
    ...inherited,
    ...asked,
    ...(userName === undefined ? {} : { USER: userName, LOGNAME: userName }),
    HOME: root,
    PWD: directory,
    ...GIT,
    [MARK]: commandId,
  };
}
