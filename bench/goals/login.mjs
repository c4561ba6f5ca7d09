import { setTimeout as sleep } from 'node:timers/promises';
import { Connections, encode, exchange } from '../harness/load.mjs';
import { interleave, ratios } from '../harness/rounds.mjs';
import { median } from '../harness/statistics.mjs';

const WAITING = 64;
const MOST_DELAY_RATIO = 2;
const MOST_TIMING_DIFFERENCE = 0.05;

export const loginGoal = {
  id: 'g13',
  title: 'Signing in with a password',
  reference: 'argon2id checks in the same process with nothing around them, as many at a time',
  measure: 'completions per second',
  limit: 0.95,
  atLeast: true,
  async run(context) {
    const { server, people, pace } = context;
    const seconds = 1.5 * pace.seconds;
    const requests = people.map(({ username, password }) => login(username, password));
    const connections = await Connections.open(server.port, WAITING);
    const signIn = () => connections.load(requests, seconds);
    await warmed(signIn, pace.warmLogins);

    const samples = await interleave(
      {
        bare: () => server.call('POST', `/bench/verify-passwords/${seconds}`),
        login: async () => {
          await server.call('POST', '/bench/delays/start');
          const { completed, seconds: took } = await signIn();
          return {
            verified: completed,
            seconds: took,
            delay: await server.call('POST', '/bench/delays/stop'),
          };
        },
        idle: async () => {
          await server.call('POST', '/bench/delays/start');
          await sleep(seconds * 1000);
          return { verified: 0, seconds, delay: await server.call('POST', '/bench/delays/stop') };
        },
      },
      pace.rounds,
    );
    connections.close();
    const perSecond = (sample) => sample.verified / sample.seconds;
    const ratio = ratios(samples, 'login', 'bare', perSecond);
    const delays = ratios(samples, 'login', 'idle', ({ delay }) => delay.p99);
    const timing = await compareTiming(server.port, people, pace.pairs);
    return {
      ratio,
      rows: [],
      checks: [
        {
          met: true,
          text:
            `${rate(median(samples.login.map(perSecond)))} logins, ${rate(median(samples.bare.map(perSecond)))} bare checks, ` +
            `${samples.bare[0].concurrency} at a time, ${WAITING} logins waiting`,
        },
        {
          met: delays.median <= MOST_DELAY_RATIO,
          text:
            `event-loop delay p99 with ${WAITING} logins waiting ${times(delays)} idle (limit ${MOST_DELAY_RATIO}): ` +
            `${ms(median(samples.login.map(({ delay }) => delay.p99)))} against ` +
            `${ms(median(samples.idle.map(({ delay }) => delay.p99)))}`,
        },
        {
          met: Math.abs(timing.ratio - 1) <= MOST_TIMING_DIFFERENCE,
          text:
            `unknown user ${timing.ratio.toFixed(3)} × the time of a known one with a wrong password (limit ±5 %): ` +
            `${ms(timing.unknown)} against ${ms(timing.known)}, medians of ${pace.pairs} pairs`,
        },
      ],
    };
  },
};

/**
 * Signs in so many times before anything is measured. Logins are few per second: the seconds that warm up another route
 * with tens of thousands of requests hold some hundred of them.
 */
async function warmed(signIn, logins) {
  for (let completed = 0; completed < logins;) completed += (await signIn()).completed;
}

/** Every try comes from another address of this machine, or the address would be locked before there are enough. */
async function compareTiming(port, people, pairs) {
  const series = { known: [], unknown: [] };
  const run = Math.floor(performance.now() % 200);
  for (let pair = 0; pair < pairs; pair++) {
    const from = `127.${20 + run}.${1 + (pair >> 8)}.${1 + ((pair & 0xff) % 250)}`;
    const tries = [
      ['known', people[pair % people.length].username],
      ['unknown', `nobody${run}x${pair}`],
    ];
    for (const [kind, name] of pair % 2 === 0 ? tries : tries.toReversed()) {
      const answer = await exchange(port, { ...login(name, 'this is not the password'), from });
      if (answer.status !== 401)
        throw new Error(`A wrong password was answered ${answer.status} ${answer.body}`);
      series[kind].push(answer.ms);
    }
  }
  const [known, unknown] = [median(series.known), median(series.unknown)];
  return { known, unknown, ratio: unknown / known };
}

function login(name, password) {
  return { bytes: encode('POST', '/api/v1/auth/login', { body: { login: name, password } }) };
}

const ms = (value) => `${value.toFixed(1)} ms`;
const rate = (value) => `${value.toFixed(1)}/s`;
const times = ({ min, median: middle, max }) =>
  `${min.toFixed(2)} / ${middle.toFixed(2)} / ${max.toFixed(2)} ×`;
