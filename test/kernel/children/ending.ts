import { endProcessThrough, Shutdown } from '../../../src/kernel/runtime/index.js';

/** Waits for its end, and says when it comes in order. */
const shutdown = new Shutdown();
shutdown.on('drain', 'words', () => process.stdout.write('ended in order\n'));
endProcessThrough(shutdown, { warn: () => undefined, fatal: () => undefined });
setInterval(() => undefined, 1_000);
process.stdout.write(`ready ${process.pid}\n`);
