import { encode } from '../harness/load.mjs';
import { keysOf } from '../harness/people.mjs';
import { compare, HELLO_BODY, requestsWith, requireNoQueries } from './requests.mjs';

const REFERENCE = 'GET /bench/hello, public';
const CANDIDATE = 'the same with an API key and a permission';

export const apiKeyGoal = {
  id: 'g2',
  title: 'Request with an API key, permission checked',
  reference: 'a public route with the same answer',
  measure: 'processor time per request',
  limit: 1.2,
  async run(context) {
    const { server } = context;
    context.keys ??= await keysOf(server, context.people);
    const { samples, rows } = await compare(
      context,
      {
        [REFERENCE]: {
          server,
          requests: [{ bytes: encode('GET', '/api/v1/bench/hello'), body: HELLO_BODY }],
        },
        [CANDIDATE]: {
          server,
          requests: requestsWith(context.keys, '/api/v1/bench/hello-authenticated', HELLO_BODY),
        },
      },
      REFERENCE,
    );
    return { ratio: rows[1].ratio, rows, checks: [requireNoQueries(samples, CANDIDATE)] };
  },
};
