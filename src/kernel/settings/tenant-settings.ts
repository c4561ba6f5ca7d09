import { defineIntegerSetting } from './setting.js';

/** How many sessions one user may have at a time. */
export const sessionsCap = defineIntegerSetting<number>({
  key: 'sessions.cap',
  description: 'Sessions one user may have at a time; the least recently used one ends when another begins.',
  minimum: 1,
  maximum: 1000,
  default: (configuration) => configuration.sessionCap,
});

/**
 * Requests one principal may make per 60 seconds; null leaves it to the installation's setting. One a second is the
 * least with which an administrator can still sign in, look and undo it.
 */
export const ratePrincipal = defineIntegerSetting<number | null>({
  key: 'rate.principal',
  description:
    'Requests one principal may make per 60 seconds; without it the limit of the installation holds. With less than 60 ' +
    'nobody could work any more, not even whoever wants to raise it again.',
  minimum: 60,
  maximum: 10_000_000,
  default: () => null,
});
