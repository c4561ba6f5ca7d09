/**
 * One transformer for everything Jest loads: our TypeScript through SWC with decorator metadata, and the ESM-only
 * packages (Nest 12 and friends) as CommonJS, since Jest's module registry cannot require() ESM on Node 20.
 */
const { createTransformer } = require('@swc/jest');
const { hash } = require('node:crypto');

/** Changes with what the outcome depends on besides the source. */
const VERSION = `2:${require('@swc/core/package.json').version}`;

const common = { jsc: { target: 'es2022', keepClassNames: true }, module: { type: 'commonjs' } };
const typescript = createTransformer({
  ...common,
  jsc: {
    ...common.jsc,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
});
const javascript = createTransformer({
  ...common,
  jsc: { ...common.jsc, parser: { syntax: 'ecmascript', importAttributes: true } },
});

const looksLikeEsm =
  /^\s*(import\s*[\w{*'"]|export\s*(\{|\*|default\b|const\b|let\b|var\b|class\b|function\b|async\b))|\bimport\.meta\b/m;

const transformerFor = (source, file) => {
  if (/\.tsx?$/.test(file)) return typescript;
  return looksLikeEsm.test(source) ? javascript : null;
};

/** ESM files often declare their own __dirname, which the CommonJS wrapper already declares. */
const renameOwnDirname = (source) =>
  /\b(const|let|var)\s+__(dirname|filename)\b/.test(source)
    ? source.replace(/\b__(dirname|filename)\b/g, '__esm_$1')
    : source;

module.exports = {
  // Asked for every module of every spec file, so it hashes once; the options are the same for all of them.
  getCacheKey: (source, file) => hash('sha1', `${VERSION}:${file}:${source}`),
  process(source, file, options) {
    const transformer = transformerFor(source, file);
    if (transformer === null) return { code: source };
    return transformer.process(transformer === javascript ? renameOwnDirname(source) : source, file, options);
  },
};
