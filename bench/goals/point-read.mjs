import { isDeepStrictEqual } from 'node:util';
import { encode, exchange } from '../harness/load.mjs';
import { compare } from './requests.mjs';

const REFERENCE = 'a public route with one prepared statement and nothing else';
const CANDIDATE = 'GET /users/{id} with an access token and a permission';

export const pointReadGoal = {
  id: 'g12',
  title: 'Reading one user by id',
  reference: 'a prepared SELECT of the same row through the driver, same answer',
  measure: 'processor time per request',
  limit: 1.25,
  async run(context) {
    const { server, people } = context;
    const bare = people.map(({ id }) => ({ bytes: encode('GET', `/api/v1/bench/pg-select/${id}`) }));
    const real = people.map(({ id }, index) => {
      // Somebody else's token each time, so that token and row are not the same person.
      const { accessToken } = people[(index + 1) % people.length];
      return {
        bytes: encode('GET', `/api/v1/users/${id}`, { headers: { authorization: `Bearer ${accessToken}` } }),
      };
    });
    const check = await requireEqualAnswers(server, bare, real);
    const { samples, rows } = await compare(
      context,
      { [REFERENCE]: { server, requests: bare }, [CANDIDATE]: { server, requests: real } },
      REFERENCE,
    );
    const perRequest = ({ queries, completed }) =>
      (queries.reduce((sum, { issued }) => sum + issued, 0) / completed).toFixed(2);
    const text = `${CANDIDATE}: ${perRequest(samples[CANDIDATE][0])} queries per request`;
    return { ratio: rows[1].ratio, rows, checks: [check, { met: true, text }] };
  },
};

/** A route that does less may well be faster: both must tell the same about every user, and go on telling it. */
async function requireEqualAnswers({ port }, bare, real) {
  let different = 0;
  for (const [index, request] of real.entries()) {
    const [expected, given] = [await exchange(port, bare[index]), await exchange(port, request)];
    if (!isDeepStrictEqual(contentOf(expected), contentOf(given))) different += 1;
    bare[index].body = Buffer.from(expected.body);
    request.body = Buffer.from(given.body);
  }
  return { met: different === 0, text: `${real.length - different} of ${real.length} answers equal` };
}

/** The order of roles means nothing. */
function contentOf({ status, body }) {
  if (status !== 200) throw new Error(`A user was answered ${status} ${body.toString('utf8')}`);
  const user = JSON.parse(body.toString('utf8'));
  return { ...user, roles: user.roles.toSorted() };
}
