import { Connections, encode, exchange } from '../harness/load.mjs';
import { spread } from '../harness/statistics.mjs';
import { settleRules } from './evaluation.mjs';

const MOST_MS = 100;
const CALLERS = 16;
const LONGEST = 8_192;
const BATCH = 100;

/** What parsers and matchers of commands have been seen to choke on, over and over. */
const UNITS = [
  ['$(', '$( ")" ', '`', '(', '((', '$((', '"$(', '<(', '$((a[', 'a[$(', '${a:-', '${a//', '<<<"$('],
  ['{ ', '[[ ', 'if ', 'while ', 'case a in ', 'f() ', 'for((;;)) ', 'function a { ', 'coproc ', 'time '],
  ['{a,', '{1..9}', '@(', '?(', '*', '~', "$'\\", '"$x', '<<a\n', '$(cat <<E\n', 'a=(', 'a=b ', '((1?'],
  [
    "sed -n 'p   }",
    'p   }',
    '1,5p;',
    'f() { f $@ $@; }; f a; ',
    'a=$a$a; ',
    '$(echo ',
    ' ',
    ',',
    '/..',
    '{,',
  ],
  ['a|', 'a&&', '; ', '&', '\n', '>', '2>&1 ', '#\n', '! ', "''", '\\\n', 'é', '-a '],
  ['sudo ', 'eval ', "bash -c '", 'env ', 'find -exec ', 'xargs ', 'git -c a=b ', '../', 'timeout 1 '],
].flat();

/**
 * Texts as long as may be, made to keep whoever reads them busy, sent by many callers at once and a hundred in a
 * request: nobody else may be kept waiting by them.
 */
export const dearTextsGoal = {
  id: 'g4b',
  title: 'Commands made to be dear',
  reference: `${MOST_MS} ms, the longest that others may be kept waiting`,
  measure: 'event-loop delay, 99th percentile',
  limit: 1,
  async run(context) {
    const { server, people, pace } = context;
    await settleRules(server, context);
    const texts = ['', 'echo ', 'ls && '].flatMap((before) =>
      UNITS.map((unit) => (before + unit.repeat(LONGEST)).slice(0, LONGEST)),
    );
    const commands = texts.map((command) => ({ command, mode: 'local' }));
    const batches = [];
    for (let at = 0; at < commands.length; at += BATCH)
      batches.push({ commands: commands.slice(at, at + BATCH) });
    const requests = [...commands, ...batches].map((body, index) => ({
      bytes: encode('POST', '/api/v1/terminal/evaluations', {
        headers: { authorization: `Bearer ${people[index % people.length].accessToken}` },
        body,
      }),
    }));
    const check = await requireRefused(server, requests);
    const connections = await Connections.open(server.port, CALLERS);
    await connections.load(requests, pace.warmSeconds);
    const delays = [];
    let completed = 0;
    for (let round = 0; round < pace.rounds; round++) {
      await server.call('POST', '/bench/delays/start');
      completed += (await connections.load(requests, pace.seconds)).completed;
      delays.push(await server.call('POST', '/bench/delays/stop'));
    }
    connections.close();
    const longest = Math.max(...delays.map(({ max }) => max));
    return {
      ratio: spread(delays.map(({ p99 }) => p99 / MOST_MS)),
      rows: [],
      checks: [
        check,
        {
          met: true,
          text: `${completed} requests from ${CALLERS} callers; the longest delay was ${longest.toFixed(0)} ms`,
        },
      ],
    };
  },
};

async function requireRefused({ port }, requests) {
  let allowed = 0;
  for (const request of requests) {
    const { status, body } = await exchange(port, request);
    if (status !== 200) throw new Error(`A text made to be dear was answered ${status} ${body}`);
    const answer = JSON.parse(body.toString('utf8'));
    allowed += (answer.results ?? [answer]).filter(({ verdict }) => verdict === 'allow').length;
  }
  return { met: allowed === 0, text: `${requests.length} requests with such texts, ${allowed} allowed` };
}
