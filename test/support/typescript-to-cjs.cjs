/** Our TypeScript for Jest. Packages are loaded by Node as they are. */
const { createTransformer } = require('@swc/jest');
const { hash } = require('node:crypto');
const options = require('./swc-options.cjs');

/** Changes with what the outcome depends on besides the source. */
const VERSION = `3:${require('@swc/core/package.json').version}`;

const { process } = createTransformer(options);

module.exports = {
  // Asked for every module of every spec file, so it hashes once; the options are the same for all of them.
  getCacheKey: (source, file) => hash('sha1', `${VERSION}:${file}:${source}`),
  process,
};
