import { HashPace } from './hash-pace.js';

describe('HashPace', () => {
  it('waits for nothing while all hashes are of one kind', () => {
    const pace = new HashPace();
    pace.record('argon2id', 30);
    pace.record('argon2id', 90);

    expect(pace.floorMs).toBe(0);
  });

  it('holds every answer to a floor above the dearest kind, judged without the noise', async () => {
    const pace = new HashPace();
    pace.record('argon2id', 30);
    pace.record('bcrypt 10', 900);
    pace.record('bcrypt 10', 60);

    expect(pace.floorMs).toBe(90);
    const startedAt = performance.now();
    await pace.waitOut(40);
    expect(performance.now() - startedAt).toBeGreaterThan(45);
  });

  it('never waits longer than two seconds', () => {
    const pace = new HashPace();
    pace.record('argon2id', 30);
    pace.record('bcrypt 15', 3000);

    expect(pace.floorMs).toBe(2000);
  });
});
