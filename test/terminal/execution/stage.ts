import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, invited, setUp } from '../../support/actors.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { AnyBody, HttpClient } from '../../support/http-client.js';
import { developer } from '../stage.js';

/** A replica that runs commands, one that only answers HTTP, and those whom a command needs. */
export interface ExecutionStage {
  readonly root: string;
  readonly app: TestApp;
  readonly replica: TestApp;
  readonly admin: Actor;
  readonly grace: Actor;
  readonly approver: Actor;
  close(): Promise<void>;
}

export async function executionStage(): Promise<ExecutionStage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'reeve-root-')));
  const app = await startApp({ configuration: { terminalRoot: root, role: 'all' } });
  const replica = await startApp({ replicaOf: app, configuration: { role: 'api' } });
  const admin = await setUp(app);
  const grace = await developer({ app, admin }, 'grace');
  const approver = await invited(app, admin, 'ada-approves', ['approver']);
  return {
    ...{ root, app, replica, admin, grace, approver },
    close: async () => {
      await replica.close();
      await app.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export async function ask(http: HttpClient, body: object): Promise<AnyBody> {
  const answer = await http.post('/terminal/commands', { mode: 'server', sessionId: 'term-1', ...body });
  if (answer.status !== 201 && answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** Asks for it, and has it agreed to. */
export async function askApproved(
  { grace, approver }: Pick<ExecutionStage, 'grace' | 'approver'>,
  body: object,
): Promise<AnyBody> {
  const command = await ask(grace.http, body);
  const answer = await approver.http.post(`/terminal/approvals/${command.approvalId}/approve`, {
    digest: command.digest,
  });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return command;
}

/** As soon as it is in such a state. */
export async function until(
  http: HttpClient,
  { id }: AnyBody,
  isThere: (command: AnyBody) => boolean,
  withinMs = 20_000,
): Promise<AnyBody> {
  for (const deadline = performance.now() + withinMs; ; await sleep(25)) {
    const { body } = await http.get(`/terminal/commands/${id}`);
    if (isThere(body)) return body;
    if (performance.now() > deadline) throw new Error(`It is ${body.status}.`);
  }
}

export const isOver = ({ status }: AnyBody): boolean =>
  !['awaiting_approval', 'queued', 'running'].includes(status as string);
