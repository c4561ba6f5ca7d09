/**
 * Runs a TypeScript file of the tests in a process of its own, one that the test may kill:
 * `node test/support/run-typescript.cjs file.ts [arguments]`. Node requires the ESM-only packages by itself.
 */
require('./resolve-sources.cjs');
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};

const [file, ...args] = process.argv.slice(2);
process.argv.splice(1, process.argv.length - 1, resolve(file), ...args);
require(resolve(file));
