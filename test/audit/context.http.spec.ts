import { randomUUID } from 'node:crypto';
import { EventLog, fact, type FactValues } from '../../src/kernel/events/index.js';
import { AuditModule } from '../../src/modules/audit/index.js';
import { ApprovalExpired, ApprovalRejected } from '../../src/modules/terminal/approvals/approval.events.js';
import { CommandCancelled } from '../../src/modules/terminal/commands/command.events.js';
import { asPrincipal, type KernelApp, principalLike, startKernelApp } from '../support/kernel-app.js';

const of = (action: string, resourceType: string) =>
  class extends fact<Record<string, string>>({
    action,
    resourceType,
    summary: 'Something happened.',
    public: false,
    detail: {},
    example: {},
  }) {};

const DelegationCreated = of('delegation.test_create', 'delegation');
const CommandRequested = of('command.test_request', 'command');
const ApprovalRequested = of('approval.test_request', 'approval');
const ApprovalGiven = of('approval.test_approve', 'approval');
const CredentialUsed = of('credential.test_use', 'credential');
const CommandEnded = of('command.test_end', 'command');
const SessionStarted = of('session.test_start', 'session');

/** Known by their names, so these are the real ones. */
const STOPS = [ApprovalRejected, ApprovalExpired, CommandCancelled] as unknown as ReturnType<typeof of>[];

interface Link {
  link: string;
  state: string;
  note: string | null;
  ids: string[];
  missing: string[];
  entries: { action: string }[];
}
interface Context {
  entry: { action: string };
  chain: Link[];
  related: { action: string }[];
  isComplete: boolean;
}

const [outer, inner, command, approval, credential] = Array.from({ length: 5 }, () => randomUUID());
const digest = 'ab'.repeat(32);
let kernel: KernelApp;
let auditor: Record<string, string>;

type Values = Partial<FactValues<Record<string, string>>>;
async function write(
  kind: ReturnType<typeof of>,
  resourceId: string,
  values: Values = {},
  requestId: string = randomUUID(),
): Promise<string> {
  const entry = new kind({ resourceId, detail: {}, ...values });
  await asPrincipal(principalLike(), () => kernel.app.get(EventLog).append(entry), { requestId });
  const { items } = await get(`?requestId=${requestId}&action=${entry.declaration.action}`);
  return (items as { id: string }[])[0].id;
}

async function get(path: string): Promise<Record<string, unknown>> {
  const url = `/api/v1/audit/entries${path}`;
  return (await kernel.app.inject({ method: 'GET', url, headers: auditor })).json();
}
const contextOf = async (id: string) => (await get(`/${id}/context`)) as unknown as Context;
const states = ({ chain }: Context) => chain.map(({ link, state }) => `${link} ${state}`);
const actions = (entries: readonly { action: string }[]) => entries.map(({ action }) => action);

beforeAll(async () => {
  kernel = await startKernelApp({ imports: [AuditModule] });
  auditor = kernel.tokens.issue('auditor', { may: ['audit.read'] });
});
afterAll(() => kernel?.close());

describe('GET /audit/entries/{id}/context', () => {
  it('tells the whole story from any of its entries, in order', async () => {
    const under = { delegationPath: [outer, inner] };
    await write(DelegationCreated, outer);
    await write(DelegationCreated, inner, { delegationPath: [outer] });
    const asked = await write(CommandRequested, command, { ...under, commandId: command }, 'the-request');
    await write(ApprovalRequested, approval, { commandId: command, approvalId: approval }, 'the-request');
    const approved = await write(ApprovalGiven, approval, { approvalId: approval });
    const used = await write(CredentialUsed, credential, {
      ...under,
      commandId: command,
      approvalId: approval,
    });
    const ended = await write(CommandEnded, command, {
      commandId: command,
      detail: { outputSha256: digest },
    });

    for (const id of [asked, approved, used, ended]) {
      const { chain, isComplete } = await contextOf(id);
      expect(chain.map(({ link, ids, entries }) => [link, ids, actions(entries)])).toEqual([
        ['delegation', [outer, inner], ['delegation.test_create', 'delegation.test_create']],
        ['command', [command], ['command.test_request']],
        ['approval', [approval], ['approval.test_request', 'approval.test_approve']],
        ['credentialUse', [credential], ['credential.test_use']],
        ['output', [digest], ['command.test_end']],
      ]);
      expect(isComplete).toBe(true);
    }
  });

  it('says what is missing', async () => {
    const [lostDelegation, lostApproval, running] = [randomUUID(), randomUUID(), randomUUID()];
    const id = await write(CommandRequested, running, {
      commandId: running,
      approvalId: lostApproval,
      delegationPath: [lostDelegation],
    });
    const context = await contextOf(id);
    expect(states(context)).toEqual([
      'delegation missing',
      'command complete',
      'approval missing',
      'credentialUse none',
      'output missing',
    ]);
    expect(context.chain[0]).toMatchObject({ ids: [lostDelegation], missing: [lostDelegation] });
    expect(context.chain[2].missing).toEqual([lostApproval]);
    expect(context.chain[4].note).toContain('has not ended');
    expect(context.isComplete).toBe(false);
  });

  it('misses no output of a command that was refused, withdrawn, or not decided about in time', async () => {
    const denied = randomUUID();
    const refused = await write(CommandRequested, denied, { commandId: denied, outcome: 'denied' });
    const ends = await Promise.all(
      STOPS.map(async (Stop) => {
        const [ended, asked] = [randomUUID(), randomUUID()];
        const id = await write(CommandRequested, ended, { commandId: ended });
        const isCommand = Stop.declaration.resourceType === 'command';
        await write(ApprovalRequested, asked, { commandId: ended, approvalId: asked });
        await write(Stop, isCommand ? ended : asked, {
          commandId: ended,
          approvalId: isCommand ? undefined : asked,
        });
        return id;
      }),
    );
    for (const id of [refused, ...ends]) {
      const { chain, isComplete } = await contextOf(id);
      expect(chain[4]).toMatchObject({ state: 'none', note: expect.stringContaining('never ran') });
      expect(isComplete).toBe(true);
    }
  });

  it('misses a command of which only its credential uses are known', async () => {
    const unknown = randomUUID();
    const context = await contextOf(await write(CredentialUsed, credential, { commandId: unknown }));
    expect(context.chain[1]).toMatchObject({ state: 'missing', missing: [unknown] });
    expect(context.chain[3].entries).toHaveLength(1);
  });

  it('has nothing to tell of an entry without a command but the rest of its request', async () => {
    const requestId = randomUUID();
    await write(CredentialUsed, 'key', {}, randomUUID());
    await write(SessionStarted, 'other', {}, requestId);
    const context = await contextOf(await write(SessionStarted, 'one', {}, requestId));
    expect(new Set(context.chain.map(({ state }) => state))).toEqual(new Set(['none']));
    expect(context.chain.every(({ note }) => note !== null)).toBe(true);
    expect(context.isComplete).toBe(true);
    expect(context.related).toHaveLength(1);
  });

  it('keeps the commands of one request apart', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const id = await write(CommandRequested, one, { commandId: one }, 'both');
    await write(CommandRequested, two, { commandId: two }, 'both');
    const context = await contextOf(id);
    expect(context.chain[1]).toMatchObject({ ids: [one], missing: [] });
    expect(context.chain[1].entries).toHaveLength(1);
    expect(context.related).toHaveLength(1);
  });

  it('answers an entry that does not exist, or of another tenant, with 404', async () => {
    expect(await get(`/${randomUUID()}/context`)).toMatchObject({ status: 404, code: 'not_found' });
    const foreign = kernel.tokens.issue('foreign', { may: ['audit.read'], tenantId: randomUUID() });
    const id = await write(SessionStarted, 'mine');
    const url = `/api/v1/audit/entries/${id}/context`;
    expect((await kernel.app.inject({ method: 'GET', url, headers: foreign })).statusCode).toBe(404);
  });
});
