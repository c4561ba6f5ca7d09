/** Our TypeScript runs as CommonJS; Node loads the packages itself, since Nest 12 is ESM-only and Jest cannot require ESM. */
export default {
  testEnvironment: '<rootDir>/test/support/one-realm-environment.cjs',
  runtime: '<rootDir>/test/support/load-once-runtime.cjs',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  transformIgnorePatterns: ['/node_modules/'],
  transform: { '\\.ts$': '<rootDir>/test/support/typescript-to-cjs.cjs' },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // Ends what hangs. Starting a database and the application takes long on a machine that others keep busy, and that is no fault.
  testTimeout: 120_000,
  // As many as the smallest machine has processors. A third would fill what the others wait, a tenth of the time, and
  // make each test that measures ratios take several times as long.
  maxWorkers: 2,
  // Spec files leave something behind; a worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
};
