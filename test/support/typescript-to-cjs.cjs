/** Our TypeScript as CommonJS, with the metadata of decorators. Packages are loaded by Node as they are. */
const { createTransformer } = require('@swc/jest');
const { hash } = require('node:crypto');

/** Changes with what the outcome depends on besides the source. */
const VERSION = `3:${require('@swc/core/package.json').version}`;

const { process } = createTransformer({
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
});

module.exports = {
  // Asked for every module of every spec file, so it hashes once; the options are the same for all of them.
  getCacheKey: (source, file) => hash('sha1', `${VERSION}:${file}:${source}`),
  process,
};
