import 'reflect-metadata';

/*
 * What runs the service, each part loaded when it is asked for. scripts/bundle.mjs makes one file of this one and
 * everything it imports.
 */

/** Everything, without running it. */
export async function load(): Promise<void> {
  await Promise.all([import('./boot/start.js'), import('./cli/run.js')]);
}

export async function start(): Promise<void> {
  await (await import('./boot/start.js')).start();
}

export async function run(argv: readonly string[]): Promise<void> {
  await (await import('./cli/run.js')).run(argv);
}
