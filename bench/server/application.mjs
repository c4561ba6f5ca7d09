/**
 * The application as `src/main.ts` starts it, with the bench routes beside its own. Arguments: the directory of the
 * build. Tells its parent when it listens, with the set-up token.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const fromBuild = (path) => import(pathToFileURL(join(resolve(process.argv[2]), 'src', path)).href);

// Before anything else is loaded, hence the imports that are none.
await fromBuild('boot/engine.js');
const { serve } = await import('./serve.mjs');
process.send(await serve(fromBuild));
