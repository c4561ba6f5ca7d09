import type { Options } from '@node-rs/argon2';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

export type HashTask =
  | { readonly kind: 'argon2 hash'; readonly password: string; readonly options: Options }
  | { readonly kind: 'argon2 verify' | 'bcrypt verify'; readonly stored: string; readonly password: string };

export interface HashOutcome {
  /** The hash, or whether the password made it. */
  readonly answer: string | boolean;
  /** What the work itself took. */
  readonly tookMs: number;
}

interface Waiting {
  readonly resolve: (outcome: HashOutcome) => void;
  readonly reject: (error: Error) => void;
}

type Reply = { readonly outcome: HashOutcome } | { readonly error: string };

/**
 * What runs in the thread. A hash keeps a processor busy for tens of milliseconds, and where there are few of them it
 * is the event loop that waits; so the thread steps back behind whatever else wants to run. Linux has a priority for
 * each thread, elsewhere it stays as it is.
 */
const PROGRAM = `
const { readlinkSync } = require('node:fs');
const { setPriority } = require('node:os');
const { parentPort, workerData } = require('node:worker_threads');
const argon2 = require(workerData.argon2);
const bcrypt = require(workerData.bcrypt);
try {
  const [, thread] = /task\\/(\\d+)$/.exec(readlinkSync('/proc/thread-self'));
  setPriority(Number(thread), workerData.niceness);
} catch {}
const work = {
  'argon2 hash': ({ password, options }) => argon2.hashSync(password, options),
  'argon2 verify': ({ stored, password }) => argon2.verifySync(stored, password),
  'bcrypt verify': ({ stored, password }) => bcrypt.verifySync(password, stored),
};
parentPort.on('message', (task) => {
  const startedAt = performance.now();
  try {
    const answer = work[task.kind](task);
    parentPort.postMessage({ outcome: { answer, tookMs: performance.now() - startedAt } });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
`;
/** A third of the share of those at the usual priority, when there is not enough for all. */
const NICENESS = 5;

/** One thread that hashes passwords, one after the other. Begun when it is first needed, and again if it has died. */
export class HashThread {
  private readonly waiting: Waiting[] = [];
  private worker: Worker | null = null;

  /** Pieces of work that were given to it and are not done. */
  get load(): number {
    return this.waiting.length;
  }

  run(task: HashTask): Promise<HashOutcome> {
    const worker = (this.worker ??= this.begin());
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      // The process lives as long as somebody waits for a hash, and not longer.
      worker.ref();
      worker.postMessage(task);
    });
  }

  private begin(): Worker {
    const { resolve } = createRequire(import.meta.url);
    const packages = { argon2: resolve('@node-rs/argon2'), bcrypt: resolve('@node-rs/bcrypt') };
    // As text, because it has to be found in the sources as well as in what is built of them.
    const worker = new Worker(PROGRAM, { eval: true, workerData: { ...packages, niceness: NICENESS } });
    worker.on('message', (reply: Reply) => this.answer(worker, reply));
    worker.on('error', (error) => this.fail(worker, error));
    worker.on('exit', () => this.fail(worker, new Error('The thread that hashes passwords has ended.')));
    return worker;
  }

  /** It answers in the order it was asked; what one that has died had still to say is nobody's answer any more. */
  private answer(worker: Worker, reply: Reply): void {
    if (this.worker !== worker) return;
    const first = this.waiting.shift();
    if (this.waiting.length === 0) worker.unref();
    if ('error' in reply) first?.reject(new Error(reply.error));
    else first?.resolve(reply.outcome);
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
