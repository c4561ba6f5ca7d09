import type { Answer, AnyBody } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Inspector } from './inspector.js';
import { counted, expecting, inParallel, invited, type Person } from './people.js';

/** More of them by `RACE_ROUNDS=3000 npx jest test/faults/approval-races.spec.ts`. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 120);
const AT_ONCE = 12;

const COMMAND_AFTER: Readonly<Record<string, string>> = {
  // The client has taken it up.
  approved: 'running',
  rejected: 'rejected',
  expired: 'expired',
  cancelled: 'cancelled',
};

/** Two who agree, one who refuses, the requester who withdraws, and the clock: all at once, at two processes. */
describe('An approval', () => {
  let database: TestDatabase;
  let fleet: Fleet;
  let inspector: Inspector;
  let requester: Person;
  let voters: Person[];

  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await Fleet.start({ database });
    inspector = await Inspector.of(database);
    const admin = await fleet.admin();
    requester = await invited(fleet, admin, 'grace');
    await admin.patch(
      `/users/${requester.id}`,
      { isTerminalAuthorized: true },
      { headers: { 'if-match': '*' } },
    );
    voters = [];
    for (const name of ['ada', 'linus', 'barbara'])
      voters.push(await invited(fleet, admin, `${name}-approves`, ['approver']));
  });

  afterAll(async () => {
    await inspector?.close();
    await fleet?.stop();
    await database?.drop();
  });

  it(
    `ends once, in one way and with one entry, however many end it at once: ${ROUNDS} rounds`,
    async () => {
      const outcomes: string[] = [];
      for (let done = 0; done < ROUNDS; done += AT_ONCE)
        outcomes.push(...(await inParallel(AT_ONCE, (index) => raceOnce(done + index))));

      const ways = counted(outcomes);
      // The race is none unless several win it.
      expect(Object.keys(ways).sort()).toEqual(['approved', 'cancelled', 'expired', 'rejected']);
      expect(await inspector.count(`terminal_approvals WHERE status = 'pending'`)).toBe(0);
      expect(fleet.all.flatMap(({ crashes }) => crashes)).toEqual([]);
    },
    Math.max(600_000, ROUNDS * 1_000),
  );

  /** How it ended. */
  async function raceOnce(round: number): Promise<string> {
    const command = await expecting(
      202,
      at(requester, round).post('/terminal/commands', {
        command: `npm publish round-${round}`,
        mode: 'local',
        interactive: false,
        sessionId: `race-${round}`,
      }),
    );
    const path = `/terminal/approvals/${command.approvalId}`;
    const agree = (voter: Person, turn: number) =>
      at(voter, turn).post(`${path}/approve`, { digest: command.digest });
    if (round % 3 === 0) await expireAbout(command, (round * 7) % 30);
    const withdraw = () => at(requester, round + 1).post(`/terminal/commands/${command.id}/cancel`);
    const racers: (() => Promise<Answer<AnyBody>>)[] = [
      () => agree(voters[0], round),
      () => at(voters[1], round + 1).post(`${path}/reject`, { note: 'No.' }),
      () => at(requester, round).post(`${path}/cancel`),
      () => agree(voters[2], round + 1),
      withdraw,
    ];
    // Who is sent first is often first: everybody has their turn.
    const turned = racers.map((_, index) => racers[(index + round) % racers.length]);
    const answers = await Promise.all(turned.map((race) => race()));

    const approval = await expecting(200, at(requester, round).get(path));
    const withdrawal = answers[turned.indexOf(withdraw)];
    // What was agreed to can be withdrawn as well, as long as it does not run: that is another ending, of the command.
    const isWithdrawn = approval.status === 'approved' && withdrawal.status === 200;
    const winners = answers.filter(
      (answer) => answer.status === 200 && !(isWithdrawn && answer === withdrawal),
    );
    expect(winners.length).toBe(approval.status === 'expired' ? 0 : 1);
    for (const { status, body } of answers)
      if (status !== 200)
        expect([status, body.code]).toEqual(
          status === 410
            ? [410, 'approval_expired']
            : [409, expect.stringMatching(/^already_resolved|command_not_pending/)],
        );
    if (approval.status === 'approved') await expectRuns(isWithdrawn ? 0 : 1, command, round);
    await expectConsistent(
      command,
      approval,
      isWithdrawn ? 'cancelled' : COMMAND_AFTER[approval.status as string],
    );
    return approval.status as string;
  }

  async function expectRuns(runs: number, { id }: AnyBody, round: number): Promise<void> {
    const claims = await inParallel(4, (turn) =>
      at(requester, round + turn).post(`/terminal/commands/${id}/confirmation`, { confirmed: true }),
    );
    expect(counted(claims.map(({ status }) => status))).toEqual({
      ...(runs === 0 ? {} : { 200: runs }),
      409: 4 - runs,
    });
  }

  async function expectConsistent(command: AnyBody, approval: AnyBody, commandStatus: string): Promise<void> {
    const endings = await inspector.rows<{ action: string }>(
      `SELECT action FROM audit_entries WHERE resource_id = $1
        AND action IN ('approval.approve', 'approval.reject', 'approval.expire', 'approval.cancel')`,
      [approval.id],
    );
    expect(endings).toHaveLength(1);
    const { status } = await inspector
      .rows<{ status: string }>('SELECT status FROM command_requests WHERE id = $1', [command.id])
      .then(([row]) => row);
    expect(status).toBe(commandStatus);
    expect(approval.votes.length).toBe(['approved', 'rejected'].includes(approval.status as string) ? 1 : 0);
  }

  /** So soon that it may happen before, between or after the others. */
  async function expireAbout({ approvalId }: AnyBody, ms: number): Promise<void> {
    await inspector.rows(
      `UPDATE terminal_approvals SET expires_at = clock_timestamp() + make_interval(secs => $2 / 1000.0) WHERE id = $1`,
      [approvalId, ms],
    );
  }

  const at = (person: Person, turn: number) => person.http.at(fleet.all[turn % 2].url);
});
