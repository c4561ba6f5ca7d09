import { encode } from '../harness/load.mjs';
import { startBare } from '../harness/server.mjs';
import { compare, HELLO_BODY, requestsWith, requireNoQueries } from './requests.mjs';

const REFERENCE = 'GET /bench/hello, public';
const CANDIDATE = 'the same with an access token and a permission';
const BARE = 'Nest on Fastify with nothing of ours';

export const accessTokenGoal = {
  id: 'g1',
  title: 'Request with an access token, permission checked',
  reference: 'a public route with the same answer',
  measure: 'processor time per request',
  limit: 1.15,
  async run(context) {
    const { server, people } = context;
    const tokens = people.map(({ accessToken }) => accessToken);
    const bare = await startBare();
    try {
      const path = '/api/v1/bench/hello';
      const plain = [{ bytes: encode('GET', path), body: HELLO_BODY }];
      const { samples, rows } = await compare(
        context,
        {
          [REFERENCE]: { server, requests: plain },
          [CANDIDATE]: {
            server,
            requests: requestsWith(tokens, '/api/v1/bench/hello-authenticated', HELLO_BODY),
          },
          'GET /auth/me with an access token': { server, requests: requestsWith(tokens, '/api/v1/auth/me') },
          [BARE]: { server: bare, requests: plain },
        },
        REFERENCE,
      );
      return { ratio: rows[1].ratio, rows, checks: [requireNoQueries(samples, CANDIDATE)] };
    } finally {
      await bare.stop();
    }
  },
};
