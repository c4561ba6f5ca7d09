import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startWalkService, type WalkService } from './service.js';

describe('npm run demo', () => {
  let service: WalkService;

  beforeAll(async () => {
    service = await startWalkService();
  }, 60_000);
  afterAll(() => service.stop());

  it('walks a fresh service from set-up to the audit log, and stops at the first surprise', () => {
    const script = join(__dirname, '..', '..', 'scripts', 'demo.mjs');
    const walk = () =>
      spawnSync(process.execPath, [script, '--url', service.url, '--setup-token', service.setupToken], {
        encoding: 'utf8',
        timeout: 60_000,
      });

    const first = walk();
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('user.invite_accept');
    expect(first.stdout).toContain('account_locked');

    // Set up already: the very first step is not what the walk expects.
    expect(walk().status).not.toBe(0);
  }, 120_000);
});
