import type { Socket } from 'node:net';
import { deadAddress, type Ended, Machine, recorded, speaking } from './reeve.js';

const AGENTS = {
  'claude-code': { args: ['hook', 'claude-code'], input: 'claude-code.bash' },
  codex: { args: ['hook', 'codex'], input: 'codex.bash' },
  gemini: { args: ['hook', 'gemini'], input: 'gemini.shell' },
  'gemini that can ask': { args: ['hook', 'gemini', '--ask'], input: 'gemini.shell' },
} as const;
type Agent = keyof typeof AGENTS;
const EVERY_AGENT = Object.keys(AGENTS) as Agent[];

/** The agents run a command when its hook fails, so a hook that cannot ask must answer all the same. */
describe('A hook that learns nothing', () => {
  let machine: Machine;
  beforeAll(() => {
    machine = new Machine();
  });
  afterAll(() => machine.remove());

  const run = (agent: Agent, env: Record<string, string>, input = recorded(AGENTS[agent].input)) =>
    machine.run(AGENTS[agent].args, { input, env });

  /** The person decides where the agent can ask, and the command is refused where it cannot. */
  function expectUndecided(agent: Agent, { code, stdout }: Ended, words: string, asks = agent): void {
    const answer = JSON.parse(stdout);
    const reason = expect.stringContaining(words);
    expect(code).toBe(0);
    if (agent === 'gemini') expect(answer).toEqual({ decision: 'deny', reason });
    else if (agent === 'gemini that can ask')
      expect(answer).toEqual({ decision: 'ask', reason, systemMessage: reason });
    else
      expect(answer).toEqual({
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: asks === 'claude-code' ? 'ask' : 'deny',
          permissionDecisionReason: reason,
        },
      });
  }

  async function expectAllUndecided(env: Record<string, string>, words: string) {
    const answers = await Promise.all(EVERY_AGENT.map((agent) => run(agent, env)));
    EVERY_AGENT.forEach((agent, index) => expectUndecided(agent, answers[index], words));
  }

  const withToken = (server: string) => ({ REEVE_SERVER: server, REEVE_TOKEN: 'rv_usr_any' });
  const answering = (status: string, body: string) => (socket: Socket) =>
    socket.on('data', () =>
      socket.end(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      ),
    );

  it('because nobody is signed in', () => expectAllUndecided({}, 'run reeve login'));

  it('because nobody listens', async () =>
    expectAllUndecided(withToken(await deadAddress()), 'cannot be asked: ECONNREFUSED'));

  it.each([
    ['does not take the key', '401 Unauthorized', '{"code":"unauthorized","detail":"x"}', 'run reeve login'],
    ['has a fault', '500 Internal Server Error', '{"code":"internal_error","detail":"x"}', 'internal_error'],
    ['is only a proxy', '502 Bad Gateway', '<html>', 'The server answered 502'],
    ['is another program', '200 OK', '{"verdict":"yes, do"}', 'is it Reeve?'],
    ['says nothing', '200 OK', '', 'is it Reeve?'],
  ])('because the server %s', async (_, status, body, words) => {
    const { url, close } = await speaking(answering(status, body));
    await expectAllUndecided(withToken(url), words);
    await close();
  });

  it('because the server says nothing: within ten seconds', async () => {
    const { url, close } = await speaking(() => undefined);
    const startedMs = performance.now();
    await expectAllUndecided(withToken(url), 'There was no answer within 10 seconds');
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    await close();
  });

  it('refuses where its agent asks nobody, also when the time is over', async () => {
    const { url, close } = await speaking(() => undefined);
    const input = JSON.stringify({
      ...JSON.parse(recorded('claude-code.bash')),
      permission_mode: 'bypassPermissions',
    });
    for (const [env, words] of [
      [{}, 'run reeve login'],
      [withToken(url), 'There was no answer within 10 seconds'],
    ] as const)
      expect(JSON.parse((await run('claude-code', env, input)).stdout).hookSpecificOutput).toMatchObject({
        permissionDecision: 'deny',
        permissionDecisionReason: expect.stringContaining(words),
      });
    await close();
  });

  it.each([
    ['no JSON', 'rm -rf /', 'no JSON'],
    ['nothing', '', 'no JSON'],
    ['a list', '[]', 'names no tool'],
    ['no tool', '{"tool_input":{"command":"rm -rf /"}}', 'names no tool'],
    ['a number for a tool', '{"tool_name":5}', 'names no tool'],
    ['more than it reads', `"${'x'.repeat(4 * 1024 * 1024)}"`, 'larger than 4 MiB'],
  ])('because the agent writes %s: Claude Code may be in any mode then', async (_, input, words) => {
    expectUndecided('claude-code', await run('claude-code', {}, input), words, 'codex');
    for (const agent of ['codex', 'gemini', 'gemini that can ask'] as const)
      expectUndecided(agent, await run(agent, {}, input), words);
  });

  it('because the question names no command', async () => {
    for (const agent of ['claude-code', 'codex', 'gemini'] as const) {
      const input = JSON.parse(recorded(AGENTS[agent].input));
      delete input.tool_input.command;
      expectUndecided(agent, await run(agent, {}, JSON.stringify(input)), 'names no command');
    }
  });

  it('has no opinion about tools that run no command', async () => {
    const input = recorded('claude-code.edit');
    for (const agent of EVERY_AGENT)
      expect(await run(agent, {}, input)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
