/** `npm start`: builds when there is need, then runs the service in this very process. */
import { pathToFileURL } from 'node:url';
import { build, builtEntry, canBuild, hasBuild, isBuilt } from './build.mjs';

if (!isBuilt() && canBuild()) {
  console.log('Building (up to a minute, after changes only) …');
  const complaint = await build();
  if (complaint !== null) {
    console.error(`${complaint}\n\nThe build failed; nothing was started.`);
    process.exit(1);
  }
} else if (!hasBuild()) {
  console.error(
    'There is no build, and the compiler is not installed.\n' +
      'Run `npm ci` (without --omit=dev) and start again, or build elsewhere and bring the folder dist along.',
  );
  process.exit(1);
}

// As if it had been started directly: signals reach it and its exit code is ours.
process.argv[1] = builtEntry;
await import(pathToFileURL(builtEntry).href);
