import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWalkService, type WalkService } from './service.js';

const root = join(__dirname, '..', '..');
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const canRun = has('bash', '-c', 'true') && has('curl', '--version');

/** The commands of a document, in order, as one script: what a reader would paste. */
function commandsOf(document: string): string {
  const blocks = readFileSync(join(root, document), 'utf8').matchAll(/^```bash\n([^]*?)^```$/gm);
  return [...blocks].map(([, commands]) => commands).join('\n');
}

/** Without bash or curl there is nobody to read the document to. */
(canRun ? describe : describe.skip)('docs/quickstart.md', () => {
  let service: WalkService;

  beforeAll(async () => {
    service = await startWalkService();
  }, 60_000);
  afterAll(() => service.stop());

  it('runs as it stands and shows what it promises', () => {
    const { stdout, stderr, status } = spawnSync(
      'bash',
      // Its standard input is a socket, which bash takes for a remote login: it would read the machine's bashrc.
      ['--norc', '-euo', 'pipefail', '-c', commandsOf('docs/quickstart.md')],
      {
        encoding: 'utf8',
        env: { ...process.env, REEVE: service.url, SETUP_TOKEN: service.setupToken },
        timeout: 60_000,
      },
    );

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('"username":"ada"');
    expect(stdout).toContain('linus');
    expect(stdout).toContain('"deviceLabel":"Phone"');
    expect(stdout).toMatch(/\b204\nunauthorized\n/);
    expect(stdout).toMatch(/(invalid_credentials\n){5}account_locked\n/);
    expect(stdout).toContain('"action":"user.invite_accept"');
    expect(stdout).not.toContain('undefined');
  }, 90_000);
});
