/** Jest runs the sources as CommonJS through one small transformer: Nest 12 is ESM-only and Jest's VM cannot require ESM. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'],
    // Each spec file loads all modules anew: hundreds of small files in one are a second less for each.
    '^rxjs$': '<rootDir>/node_modules/rxjs/dist/bundles/rxjs.umd.js',
    '^rxjs/operators$': '<rootDir>/test/support/rxjs-operators.cjs',
    '^es-toolkit/compat$': '<rootDir>/test/support/es-toolkit-compat.cjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  transformIgnorePatterns: [],
  transform: { '\\.(ts|js|mjs)$': '<rootDir>/test/support/jest-esm-to-cjs.cjs' },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // Ends what hangs. Starting a database and the application takes long on a machine that others keep busy, and that is no fault.
  testTimeout: 120_000,
  // Every spec file loads the whole application anew and leaves some of it behind; a worker that has grown is replaced.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
