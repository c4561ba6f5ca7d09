import { BUILDER_GUARDS } from './builders.guards.js';
import { CLOUD_GUARDS } from './cloud.guards.js';
import { CONTAINER_GUARDS } from './containers.guards.js';
import { GIT_GUARDS } from './git.guards.js';
import type { Guard } from './guard.js';
import { INTERPRETER_GUARDS } from './interpreters.guards.js';
import { JAVASCRIPT_GUARDS } from './javascript.guards.js';
import { NETWORK_GUARDS } from './network.guards.js';
import { PLATFORM_GUARDS } from './platforms.guards.js';
import { RUNNER_GUARDS } from './runners.guards.js';
import { SYSTEM_GUARDS } from './system.guards.js';
import { TEXT_GUARDS } from './text.guards.js';

/** Every guard there is. A program without one passes by prefix. */
export const GUARDS: readonly Guard[] = [
  ...RUNNER_GUARDS,
  ...INTERPRETER_GUARDS,
  ...GIT_GUARDS,
  ...JAVASCRIPT_GUARDS,
  ...CONTAINER_GUARDS,
  ...CLOUD_GUARDS,
  ...PLATFORM_GUARDS,
  ...BUILDER_GUARDS,
  ...TEXT_GUARDS,
  ...NETWORK_GUARDS,
  ...SYSTEM_GUARDS,
];
