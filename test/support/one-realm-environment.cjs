const { ModuleMocker } = require('jest-mock');

/** What Jest leaves in the global scope for one spec file, and would take for its own in the next. */
const OF_ONE_FILE = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'];

/**
 * Spec files run in the realm of the process, as the service does, and not in one that is made for each of them: only so
 * can they share what is loaded once (load-once-runtime.cjs).
 */
module.exports = class OneRealmEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  /** Time is injected here, not faked. */
  fakeTimers = null;
  fakeTimersModern = null;
  former = { console: globalThis.console, exit: process.exit };

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest only asks whether there still is one. */
  getVmContext() {
    return this.global;
  }

  async setup() {}

  async teardown() {
    globalThis.console = this.former.console;
    process.exit = this.former.exit;
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (OF_ONE_FILE.includes(symbol.description)) delete globalThis[symbol];
  }
};
