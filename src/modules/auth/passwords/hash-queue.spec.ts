import { hashThreads, HashQueue, HashQueueFull } from './hash-queue.js';

describe('HashQueue', () => {
  it('runs as many at a time as it may, the others in the order they came', async () => {
    const queue = new HashQueue(2, 10);
    const work = Array.from({ length: 5 }, () => gate());
    const begun: number[] = [];
    const all = work.map(({ opened }, index) =>
      queue.run(() => {
        begun.push(index);
        return opened;
      }),
    );
    await settle();

    expect(begun).toEqual([0, 1]);
    expect(queue.depth).toBe(3);
    work[1].open();
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    for (const { open } of work) open();
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(queue.depth).toBe(0);
  });

  it('refuses past its bound and says when to come back', async () => {
    const queue = new HashQueue(1, 2);
    const { opened, open } = gate();
    const running = [queue.run(() => opened), queue.run(() => opened), queue.run(() => opened)];

    const refusal = await queue.run(() => opened).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(HashQueueFull);
    expect((refusal as HashQueueFull).retryAfterSeconds).toBeGreaterThanOrEqual(1);

    open();
    await Promise.all(running);
    await expect(queue.run(() => Promise.resolve('again'))).resolves.toBe('again');
  });

  it('goes on after work that failed', async () => {
    const queue = new HashQueue(1, 10);
    const failed = queue.run(() => Promise.reject(new Error('no memory')));
    const next = queue.run(() => Promise.resolve('next'));

    await expect(failed).rejects.toThrow('no memory');
    await expect(next).resolves.toBe('next');
  });
});

describe('hashThreads', () => {
  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [16, 4],
  ])('leaves a processor free: %i processors, %i threads', (processors, threads) => {
    expect(hashThreads(processors)).toBe(threads);
  });
});

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
