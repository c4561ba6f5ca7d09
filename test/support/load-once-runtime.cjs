/**
 * What is tested is loaded once in each of Jest's processes: the packages as Node loads them, and our sources. Anew for
 * each spec file are only the spec itself and what lies under `test`, but for `test/declared`, since it knows Jest's
 * functions of that file. Loading
 * a thousand modules again would take longer than most files' tests.
 */
require('./resolve-sources.cjs');
const { createRequire, isBuiltin } = require('node:module');
const { join, sep } = require('node:path');
const { fileURLToPath } = require('node:url');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const TESTS = join(__dirname, '..') + sep;
/** What tests add to the catalogues of the sources, which take each declaration once. */
const DECLARED = join(TESTS, 'declared') + sep;

const isOfOneFile = (path) =>
  path.endsWith('.spec.ts') || (path.startsWith(TESTS) && path.endsWith('.ts') && !path.startsWith(DECLARED));
const isPath = (name) => /^(?:\.{0,2}\/|[A-Z]:\\)/i.test(name);

/** The transformer of the spec file that runs now; what it says about positions in the sources, Jest remembers. */
let transforms;
require.extensions['.ts'] = (module, path) => module._compile(transforms.transform(path), path);

module.exports = class LoadOnceRuntime extends Runtime {
  constructor(...args) {
    super(...args);
    transforms = this.transformCache;
    // As Jest does, but in the realm of the process.
    this.executor.compile = (code, filename) =>
      compileFunction(code, this.executor.injectedModuleParameters, { filename });
  }

  requireModule(from, named, options, isRequireActual) {
    const name = named?.startsWith('file:') ? fileURLToPath(named) : named;
    const isOwn = name !== undefined && options?.isInternalModule !== true && !isBuiltin(name);
    if (isOwn && !isPath(name)) return createRequire(from)(name);
    if (isOwn) {
      const path = this._resolution.resolveCjs(from, name);
      if (!isOfOneFile(path)) return require(path);
    }
    return super.requireModule(from, name, options, isRequireActual);
  }
};
