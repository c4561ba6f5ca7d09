export { Clock } from './clock.js';
export { ConfigurationFaults, type ConfigurationFault } from './configuration-faults.js';
export {
  Configuration,
  type ConfigurationValues,
  type LogLevel,
  type RateSettings,
  type TerminalUser,
} from './configuration.js';
export { Entropy } from './entropy.js';
export { firstIdAt, Ids, isUuid, LAST_ID } from './ids.js';
export { earlierOf, laterOf, millisecondsAfter, secondsAfter } from './instants.js';
export { loadConfiguration } from './load-configuration.js';
export { endProcessThrough } from './process-end.js';
export { RuntimeModule } from './runtime.module.js';
export { loadSecretKey } from './secret-key.js';
export { Shutdown, type ShutdownPhase } from './shutdown.js';
export type { SyslogTarget } from './syslog-target.js';
