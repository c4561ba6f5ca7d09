import { Injectable, Logger } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Configuration } from '../../../../kernel/runtime/index.js';
import { ExecutionDriver, type OutputSink, type Run, type RunForm, type RunOrder } from '../driver.js';
import { commandEnvironment } from './command-environment.js';
import { Confinement } from './confinement.js';
import { requirePinned } from './executable.js';
import { markedProcesses, ProcessFamily, send } from './process-family.js';
import { ProcessRun } from './process-run.js';
import { literalCommand, type Pipeline, readSequence } from './sequence.js';
import { openWorkingDirectory } from './working-directory.js';

/** Runs commands as processes of this machine. */
@Injectable()
export class ProcessDriver extends ExecutionDriver {
  private readonly log = new Logger('Terminal');
  private confinement: Promise<Confinement> | null = null;

  constructor(private readonly configuration: Configuration) {
    super();
  }

  override async start(order: RunOrder, output: OutputSink): Promise<Run> {
    const { terminalRoot: root, terminalUser: user, terminalEnvironment: inherited } = this.configuration;
    if (root === undefined) throw new Error('This process runs no commands.');
    const { commandId, cwd, env, timeoutSeconds } = order;
    const pipelines = pipelinesOf(order.form);
    const confinement = (await this.findConfinement()).wordsFor(timeoutSeconds);
    const family = await ProcessFamily.of(commandId);
    for (const { pin } of pipelines.flatMap(({ commands }) => commands))
      if (pin !== undefined) await requirePinned(pin);
    const directory = await openWorkingDirectory(root, cwd);
    try {
      const userName = user === undefined ? ownName() : await nameOf(user.uid);
      const surroundings = { inherited, root, userName };
      const environment = commandEnvironment(surroundings, env, directory.path, commandId);
      return await ProcessRun.start(pipelines, { directory, environment, confinement, user }, family, output);
    } catch (error) {
      directory.close();
      throw error;
    }
  }

  override async endStrays(
    areOver: (commandIds: readonly string[]) => Promise<readonly string[]>,
  ): Promise<void> {
    const marked = await markedProcesses();
    if (marked.size === 0) return;
    for (const commandId of await areOver([...marked.keys()])) {
      this.log.warn(`Ending what is left of the command ${commandId}`);
      for (const pid of marked.get(commandId) ?? []) send(pid, 'SIGKILL');
    }
  }

  private findConfinement(): Promise<Confinement> {
    this.confinement ??= Confinement.find(this.configuration.terminalUser !== undefined).then((found) => {
      if (!found.isComplete)
        this.log.warn('prlimit or setpriv (util-linux) is missing: commands run with fewer limits.');
      return found;
    });
    return this.confinement;
  }
}

const ACCOUNTS = '/etc/passwd';

/** What the system calls another account, if it is a local one (passwd(5)). */
async function nameOf(uid: number): Promise<string | undefined> {
  const accounts = await readFile(ACCOUNTS, 'utf8').catch(() => '');
  return accounts
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[2] === String(uid))
    ?.at(0);
}

/** Accounts of containers often have no name. */
function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function pipelinesOf(form: RunForm): Pipeline[] {
  switch (form.kind) {
    case 'program':
      return alone(form.argv, form.pin);
    case 'sequence':
      return readSequence(form.text, form.pins);
    case 'script':
      return alone(['bash', '--noprofile', '--norc', '-c', form.text]);
  }
}

function alone(argv: readonly string[], pin?: Parameters<typeof literalCommand>[1]): Pipeline[] {
  return [{ runs: 'always', commands: [literalCommand(argv, pin)] }];
}
