import { Logger } from '@nestjs/common';
import { endProcessThrough } from './process-end.js';
import { Shutdown } from './shutdown.js';

const hangs = () => new Promise<void>(() => undefined);
const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('the shutdown', () => {
  it('goes from readiness to the database, whatever the order of registration', async () => {
    const shutdown = new Shutdown();
    const order: string[] = [];
    for (const phase of ['embedded', 'database', 'jobs', 'drain', 'readiness'] as const)
      shutdown.on(phase, phase, async () => {
        await later(5);
        order.push(phase);
      });

    await shutdown.stop('test');

    expect(order).toEqual(['readiness', 'drain', 'jobs', 'database', 'embedded']);
  });

  it('is announced before the first step runs', async () => {
    const shutdown = new Shutdown();
    let announced = false;
    shutdown.on('readiness', 'look', () => (announced = shutdown.isStopping));

    expect(shutdown.isStopping).toBe(false);
    await shutdown.stop('test');

    expect(announced).toBe(true);
  });

  it('goes on when a step fails or hangs', async () => {
    const shutdown = new Shutdown();
    let closed = false;
    shutdown.on('drain', 'throws', () => {
      throw new Error('no');
    });
    shutdown.on('drain', 'rejects', () => Promise.reject(new Error('no')));
    shutdown.on('jobs', 'hangs', hangs);
    shutdown.on('database', 'closes', () => (closed = true));

    await shutdown.stop('test', 50);

    expect(closed).toBe(true);
  });

  it('runs once, however often it is asked for', async () => {
    const shutdown = new Shutdown();
    let runs = 0;
    shutdown.on('drain', 'count', () => (runs += 1));

    await Promise.all([shutdown.stop('one'), shutdown.stop('two')]);

    expect(runs).toBe(1);
  });
});

describe('the end of the process', () => {
  let shutdown: Shutdown;
  let untie: () => void;
  let exits: number[];
  let said: unknown[];
  let ofJest: NodeJS.UnhandledRejectionListener[];
  beforeEach(() => {
    ofJest = process.listeners('unhandledRejection');
    shutdown = new Shutdown();
    exits = [];
    said = [];
    const log = {
      warn: (text: string) => said.push(text),
      fatal: (error: Error) => said.push(error.message),
    };
    untie = endProcessThrough(shutdown, log, (code) => void exits.push(code));
  });
  afterEach(() => untie());

  it('is orderly and successful on SIGTERM', async () => {
    process.emit('SIGTERM', 'SIGTERM');
    await shutdown.stop('same');
    await later(1);

    expect(exits).toEqual([0]);
  });

  it('comes at once with the second signal', async () => {
    let release = (): void => undefined;
    shutdown.on('drain', 'a slow request', () => new Promise<void>((resolve) => (release = resolve)));

    process.emit('SIGTERM', 'SIGTERM');
    await later(1_050);
    const exitsAfterOne = [...exits];
    process.emit('SIGINT', 'SIGINT');
    release();

    expect(exitsAfterOne).toEqual([]);
    expect(exits).toEqual([130]);
  });

  it('stays orderly when the same Ctrl-C arrives twice', async () => {
    let release = (): void => undefined;
    shutdown.on('drain', 'a slow request', () => new Promise<void>((resolve) => (release = resolve)));

    process.emit('SIGINT', 'SIGINT');
    await later(50);
    process.emit('SIGINT', 'SIGINT');
    const exitsAfterBoth = [...exits];
    release();
    await shutdown.stop('same');
    await later(1);

    expect(exitsAfterBoth).toEqual([]);
    expect(exits).toEqual([0]);
  });

  it('is a logged failure after an error that nobody caught', async () => {
    let drained = false;
    shutdown.on('drain', 'requests', () => (drained = true));

    // Jest listens as well, and would take it for a fault of the test.
    for (const listener of ofJest) process.off('unhandledRejection', listener);
    process.emit('unhandledRejection', new Error('lost'), Promise.resolve());
    for (const listener of ofJest) process.on('unhandledRejection', listener);
    await shutdown.stop('same');
    await later(1);

    expect({ exits, said, drained }).toEqual({ exits: [1], said: ['lost'], drained: true });
  });
});
