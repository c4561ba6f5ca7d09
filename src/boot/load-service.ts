import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { constants, Script } from 'node:vm';

type Service = typeof import('../service.js');

/** Beside the compiled files: all of them in one, with the packages they use. */
const BUNDLE = join(import.meta.dirname, '../../bundle/service.cjs');

/**
 * Node finds, reads and links some four thousand files for the service, which takes longer than all the rest of a start.
 * So a build has them as one file as well (scripts/bundle.mjs). Without it, and for whoever wants to see the lines of the
 * sources in stack traces (`--enable-source-maps`), the compiled files run as they are.
 */
export async function loadService(): Promise<Service> {
  if (process.sourceMapsEnabled || !existsSync(BUNDLE)) return import('../service.js');
  return evaluated(compiled(BUNDLE), BUNDLE) as Service;
}

/** Compiled as Node compiles a CommonJS module, but by what an earlier compilation has left, if it fits. */
export function compiled(filename: string): Script {
  const cache = cacheOf(filename);
  return new Script(
    // It is ASCII; read as one byte for each character, it takes half the memory.
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'latin1')}\n})`,
    {
      filename,
      cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  );
}

/** What V8 compiles depends on its version and its options, so there is one for each that counts. */
export function cacheOf(filename: string): string {
  return `${filename}.${cachedDataVersionTag()}.cache`;
}

export function evaluated(script: Script, filename: string): unknown {
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as (...args: unknown[]) => void;
  wrapper(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}
