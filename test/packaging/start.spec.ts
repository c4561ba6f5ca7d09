import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const checkout = join(import.meta.dirname, '../..');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real scripts and compiler settings around a service of one line. */
describe('npm start', () => {
  let project: string;
  const main = () => join(project, 'src/main.ts');
  const packages = () => join(project, 'node_modules');

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'reeve-start-'));
    for (const name of ['scripts', 'package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json']) {
      await cp(join(checkout, name), join(project, name), { recursive: true });
    }
    for (const name of ['src/boot/engine.ts', 'src/boot/load-service.ts'])
      await cp(join(checkout, name), join(project, name));
    await mkdir(join(project, 'migrations'));
    await symlink(join(checkout, 'node_modules'), packages(), 'junction');
    await writeFile(join(project, 'src/cli.ts'), 'export {};\n');
    await writeFile(join(project, 'src/service.ts'), 'export const load = async () => undefined;\n');
    await writeFile(main(), "process.exitCode = 3;\nconsole.log('served 1');\n");
  });

  afterAll(() => rm(project, { recursive: true, force: true }));

  it('builds first, says so in one line, and ends with the exit code of the service', async () => {
    const { code, stdout } = await start();

    expect(stdout).toMatch(/^Building.*\nserved 1\n$/);
    expect(code).toBe(3);
  });

  it('does not build again while nothing has changed', async () => {
    expect((await start()).stdout).toBe('served 1\n');
  });

  it('leaves the former build alone when it is killed, and builds the next time', async () => {
    await writeFile(main(), "console.log('served 2');\n");
    const killed = launch();
    while (!(await readdir(project)).some((name) => name.startsWith('dist-build-'))) await sleep(10);
    killed.kill('SIGKILL');
    await once(killed, 'close');

    expect((await start()).stdout).toMatch(/^Building.*\nserved 2\n$/);
  });

  it('starts nothing and repeats the words of the compiler when the build fails', async () => {
    await writeFile(main(), "const wrong: string = 1;\nconsole.log('served', wrong);\n");

    const { code, stdout, stderr } = await start();

    expect(code).toBe(1);
    expect(stdout).not.toContain('served');
    expect(stderr).toContain('TS2322');
  });

  it('runs the build that is there where the compiler is not installed, and explains itself where there is none', async () => {
    await rm(packages());

    expect((await start()).stdout).toBe('served 2\n');
    await rm(join(project, 'dist'), { recursive: true });
    expect((await start()).stderr).toContain('npm ci');
  });

  const launch = (): ChildProcess => spawn(process.execPath, ['scripts/start.mjs'], { cwd: project });

  async function start(): Promise<Ended> {
    const child = launch();
    const output = { stdout: '', stderr: '' };
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...output };
  }
});
