import { encode, exchange } from '../harness/load.mjs';
import { compare, HELLO_BODY } from './requests.mjs';

const REFERENCE = 'GET /bench/hello, public';
const CANDIDATE = 'POST /terminal/evaluations, allowed by one of 1,010 rules';
const TEXTBOOK =
  'the same by the textbook: rules read, everything compared, one transaction for each request';
const COMMAND = { command: 'git status --short && tool17 run fast', mode: 'local' };
const RULES = 1_000;

export const evaluationGoal = {
  id: 'g5',
  title: 'Deciding about a command, with a durable entry',
  reference: 'a public route that answers a constant',
  measure: 'processor time per request',
  limit: 2.5,
  async run(context) {
    const { server, people } = context;
    const rules = await settleRules(server, context);
    const path = '/api/v1/terminal/evaluations';
    const requestsTo = (where) =>
      people.map(({ accessToken }) => ({
        bytes: encode('POST', where, { headers: { authorization: `Bearer ${accessToken}` }, body: COMMAND }),
      }));
    const requests = requestsTo(path);
    const byTheTextbook = requestsTo('/api/v1/bench/textbook-evaluation');
    const check = await requireAllowed(server, [...requests, ...byTheTextbook]);
    const { samples, rows } = await compare(
      context,
      {
        [REFERENCE]: {
          server,
          requests: [{ bytes: encode('GET', '/api/v1/bench/hello'), body: HELLO_BODY }],
        },
        [CANDIDATE]: { server, requests },
        [TEXTBOOK]: { server, requests: byTheTextbook },
      },
      REFERENCE,
    );
    return { ratio: rows[1].ratio, rows, checks: [rules, check, onlyTheEntry(samples)] };
  },
};

/** Once per server: the flags of the people, and rules for everybody. */
export async function settleRules(server, context) {
  if (context.rules !== undefined) return context.rules;
  const { people, admin } = context;
  const call = (method, path, body) => server.call(method, path, { token: admin.accessToken, body });
  for (const { id } of people) {
    const { version } = await call('GET', `/users/${id}`);
    await server.call('PATCH', `/users/${id}`, {
      token: admin.accessToken,
      body: { isTerminalAuthorized: true },
      headers: { 'if-match': `"${version}"` },
    });
  }
  const patterns = ['git status', ...Array.from({ length: RULES }, (_, index) => `tool${index} run`)];
  for (const pattern of patterns) await call('POST', '/terminal/whitelist?scope=global', { pattern });
  for (let index = 0; index < 10; index++)
    await call('POST', '/terminal/blocklist', { pattern: `danger${index} everything` });
  context.rules = { met: true, text: `${patterns.length} rules that allow and 10 that block, for everybody` };
  return context.rules;
}

async function requireAllowed({ port }, requests) {
  let allowed = 0;
  for (const request of requests) {
    const { status, body } = await exchange(port, request);
    if (status === 200 && JSON.parse(body.toString('utf8')).verdict === 'allow') allowed += 1;
  }
  return {
    met: allowed === requests.length,
    text: `${allowed} of ${requests.length} questions were answered allow`,
  };
}

/** Nothing is asked of the database; what is written is the entry, many in one statement. */
function onlyTheEntry(samples) {
  const sent = {};
  for (const { queries } of samples[CANDIDATE].flatMap(({ queries: parts }) =>
    parts.map((queries) => ({ queries })),
  )) {
    for (const [statement, count] of Object.entries(queries.statements))
      if (statement.startsWith('http ')) sent[statement] = (sent[statement] ?? 0) + count;
  }
  const requests = samples[CANDIDATE].reduce((sum, { completed }) => sum + completed, 0);
  const others = Object.keys(sent).filter((statement) => !/audit|entr/.test(statement));
  const writes = Object.values(sent).reduce((sum, count) => sum + count, 0);
  return {
    met: others.length === 0,
    text:
      others.length === 0
        ? `${CANDIDATE}: ${(writes / requests).toFixed(2)} writes per request, no other query`
        : `${CANDIDATE}: other queries were sent: ${others.join(', ')}`,
  };
}
