/**
 * Runs a TypeScript file of the tests in a process of its own, one that the test may kill:
 * `node test/support/run-typescript.cjs file.ts [arguments]`. Node requires the ESM-only packages by itself.
 */
require('./resolve-sources.cjs');
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');
const options = require('./swc-options.cjs');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    ...options,
    filename,
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

const [file, ...args] = process.argv.slice(2);
process.argv.splice(1, process.argv.length - 1, resolve(file), ...args);
require(resolve(file));
