import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import type { Worker } from 'node:worker_threads';
import { HashQueueFull } from './hash-queue.js';
import { DEFAULT_ARGON2_COST, PasswordHasher } from './password-hasher.js';

const PASSWORD = 'correct horse battery staple';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();

  it('stores argon2id at the default cost with a 128-bit salt of its own', async () => {
    const [one, other] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(other);
    expect(one.length).toBeLessThanOrEqual(255);
    await expect(hasher.verify(one, PASSWORD)).resolves.toBe(true);
  });

  it('takes é for é however the keyboard composes it', async () => {
    const stored = await hasher.hash('é'.normalize('NFC').repeat(12));

    await expect(hasher.verify(stored, 'é'.normalize('NFD').repeat(12))).resolves.toBe(true);
  });

  it('neither cuts, trims nor folds', async () => {
    const long = 'Long passphrase, '.repeat(6).slice(0, 100);
    const stored = await hasher.hash(long);

    await expect(hasher.verify(stored, long)).resolves.toBe(true);
    for (const other of [long.slice(0, 72), long.slice(0, 99), `${long} `, long.toLowerCase(), ` ${long}`]) {
      await expect(hasher.verify(stored, other)).resolves.toBe(false);
    }
  });

  it.each([
    null,
    '',
    'not a hash',
    '$argon2id$broken',
    '$2b$31$'.padEnd(60, 'a'),
    '$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA',
  ])('answers no for the stored value %j, after a hash', async (stored) => {
    const startedAt = performance.now();

    await expect(hasher.verify(stored, PASSWORD)).resolves.toBe(false);
    await expect(hasher.verify(stored, '\0')).resolves.toBe(false);
    expect(performance.now() - startedAt).toBeGreaterThan(5);
  });

  it('does the same work for an unknown user', async () => {
    await hasher.prepare();
    const stored = await hasher.hash(PASSWORD);
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 40; round += 1) {
      known.push(await timeOf(() => hasher.verify(stored, 'wrong')));
      unknown.push(await timeOf(() => hasher.verify(null, 'wrong')));
    }

    const ratio = lowerQuartile(unknown) / lowerQuartile(known);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.33);
  });

  it.each(['2a', '2b', '2y'])(
    'verifies old bcrypt hashes of kind %s and wants them made again',
    async (kind) => {
      const made = await bcrypt('an old password', 4);
      const stored = made.replace(/^\$2[aby]/, `$${kind}`);
      const legacy = new PasswordHasher();

      await expect(legacy.verify(stored, 'an old password')).resolves.toBe(true);
      await expect(legacy.verify(stored, 'another password')).resolves.toBe(false);
      expect(legacy.needsRehash(stored)).toBe(true);
    },
  );

  it('refuses a password against bcrypt when the 72 bytes that count would stand for others', async () => {
    const long = 'p'.repeat(100);
    const legacy = new PasswordHasher();
    const cut = await bcrypt(long, 4);
    const whole = await bcrypt('p'.repeat(71), 4);

    await expect(legacy.verify(cut, long.slice(0, 72))).resolves.toBe(false);
    await expect(legacy.verify(cut, long)).resolves.toBe(false);
    await expect(legacy.verify(whole, 'p'.repeat(71))).resolves.toBe(true);
    await expect(legacy.verify(await bcrypt('ab', 4), 'ab\0ab')).resolves.toBe(false);
    await expect(legacy.verify(await bcrypt('stand-in', 4), 'p'.repeat(72))).resolves.toBe(false);
  });

  it('answers for bcrypt and argon2 accounts and unknown users in the same time once it expects bcrypt', async () => {
    const mixed = new PasswordHasher();
    const old = await bcrypt('an old password', 9);
    const current = await mixed.hash(PASSWORD);
    await mixed.expect(old);
    const times: Record<string, number[]> = { old: [], current: [], unknown: [] };
    for (let round = 0; round < 21; round += 1) {
      times.old.push(await timeOf(() => mixed.verify(old, 'wrong')));
      times.current.push(await timeOf(() => mixed.verify(current, 'wrong')));
      times.unknown.push(await timeOf(() => mixed.verify(null, 'wrong')));
    }

    // What else the machine does only ever adds to a time, so the least disturbed quarter speaks for each kind.
    const usual = Object.values(times).map(lowerQuartile);
    expect(Math.max(...usual) / Math.min(...usual)).toBeLessThan(1.4);
  });

  it('wants hashes of another cost made again, and its own not', async () => {
    const weak = await argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const dearer = new PasswordHasher({ cost: { ...DEFAULT_ARGON2_COST, passes: 2 } });

    expect(hasher.needsRehash(weak)).toBe(true);
    await expect(hasher.verify(weak, PASSWORD)).resolves.toBe(true);
    expect(hasher.needsRehash(await hasher.hash(PASSWORD))).toBe(false);
    expect(hasher.needsRehash(await dearer.hash(PASSWORD))).toBe(true);
    expect(hasher.needsRehash('')).toBe(true);
  });

  it('cannot be made cheaper than the default', () => {
    expect(() => new PasswordHasher({ cost: { memoryKib: 19_456, passes: 2, lanes: 1 } })).toThrow(
      RangeError,
    );
  });

  it('refuses more than may wait and answers all the others', async () => {
    const small = new PasswordHasher({ threads: 1, maxWaiting: 8 });
    const stored = await small.hash(PASSWORD);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => small.verify(stored, PASSWORD)),
    );

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2 + 8);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(HashQueueFull);
    }
    expect(small.waiting).toBe(0);
  });

  it('goes on after its thread has died', async () => {
    const mortal = new PasswordHasher({ threads: 1 });
    const stored = await mortal.hash(PASSWORD);
    const [{ worker }] = (mortal as unknown as { threads: { worker: Worker }[] }).threads;
    const lost = expect(mortal.verify(stored, PASSWORD)).rejects.toThrow('has ended');
    await Promise.all([worker.terminate(), lost]);

    await expect(mortal.verify(stored, PASSWORD)).resolves.toBe(true);
  });

  it('makes the stand-in for unknown users later when it could not be made at first', async () => {
    const busy = new PasswordHasher({ threads: 1, maxWaiting: 0 });
    const hashes = [busy.hash(PASSWORD), busy.hash(PASSWORD)];
    await expect(busy.verify(null, PASSWORD)).rejects.toBeInstanceOf(HashQueueFull);
    await Promise.all(hashes);

    await expect(busy.verify(null, PASSWORD)).resolves.toBe(false);
  });

  it('leaves the event loop to others while 64 wait', async () => {
    const stored = await hasher.hash(PASSWORD);
    const waiting = Promise.all(Array.from({ length: 64 }, () => hasher.verify(stored, PASSWORD)));
    let turns = 0;
    let longest = 0;
    const startedAt = performance.now();
    for (; performance.now() - startedAt < 300; turns += 1) {
      longest = Math.max(longest, await timeOf(() => new Promise((resolve) => setImmediate(resolve))));
    }
    await waiting;

    expect(turns).toBeGreaterThan(300);
    // A hash takes some 10 ms: one on the loop after another would show here as 640.
    expect(longest).toBeLessThan(250);
  });
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function lowerQuartile(values: number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 2];
}
