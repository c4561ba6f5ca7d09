import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { constants, Script } from 'node:vm';
import { crc32 } from 'node:zlib';

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
  return evaluated(compiled(BUNDLE, readFileSync(BUNDLE)), BUNDLE) as Service;
}

/** Compiled as Node compiles a CommonJS module, but by what an earlier compilation has left, if it fits. */
function compiled(filename: string, text: Buffer): Script {
  return new Script(
    // It is ASCII; read as one byte for each character, it takes half the memory.
    `(function (exports, require, module, __filename, __dirname) {${text.toString('latin1')}\n})`,
    {
      filename,
      cachedData: compiledAhead(filename, text),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  );
}

/** Loads the file, and keeps for later starts with the same options what V8 has compiled for it. */
export async function compileAhead(filename: string): Promise<void> {
  const text = readFileSync(filename);
  const script = compiled(filename, text);
  // What a start runs is compiled by then.
  await (evaluated(script, filename) as Service).load();
  const code = script.createCachedData();
  writeFileSync(cacheOf(filename), Buffer.concat([headOf(text, code), code]));
}

/**
 * V8 itself looks no further than at the length of the text, and would run what was compiled for another one, or what a
 * disk has made of it. Whatever is wrong with the file, the start only takes longer.
 */
function compiledAhead(filename: string, text: Buffer): Buffer | undefined {
  try {
    const cache = readFileSync(cacheOf(filename));
    const code = cache.subarray(HEAD_BYTES);
    return headOf(text, code).equals(cache.subarray(0, HEAD_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

const HEAD_BYTES = 8;

function headOf(text: Buffer, code: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(crc32(text));
  head.writeUInt32LE(crc32(code), 4);
  return head;
}

/** What V8 compiles depends on its version, its options and the processor, so there is one for each that counts. */
function cacheOf(filename: string): string {
  return `${filename}.${cachedDataVersionTag()}.cache`;
}

function evaluated(script: Script, filename: string): unknown {
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as (...args: unknown[]) => void;
  wrapper(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}
