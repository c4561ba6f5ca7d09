/** Many users, sessions and keys, since one token alone flatters every cache. All come about as they do in real life. */
const ADMIN_PASSWORD = 'copper kettle sings at dawn';

/** @returns {Promise<{ admin: { accessToken: string }, people: { id: string, username: string, password: string, accessToken: string }[] }>} */
export async function settle(server, count) {
  const admin = await server.call('POST', '/auth/setup', {
    body: { token: server.setupToken, username: 'ada', email: 'ada@example.org', password: ADMIN_PASSWORD },
  });
  const people = await inParallel(count, 8, (index) => invite(server, admin.accessToken, index));
  return { admin, people };
}

async function invite(server, adminToken, index) {
  const username = `reader${index}`;
  const password = `a lantern under bridge ${index}`;
  const { id, inviteToken } = await server.call('POST', '/users', {
    token: adminToken,
    body: { username, email: `${username}@example.org`, roles: ['auditor'] },
  });
  const { accessToken } = await server.call('POST', '/auth/invite/accept', {
    body: { token: inviteToken, password },
  });
  return { id, username, password, accessToken };
}

/** One key for each of them. @returns {Promise<string[]>} */
export function keysOf(server, people) {
  return inParallel(people.length, 8, async (index) => {
    const { key } = await server.call('POST', '/auth/api-keys', {
      token: people[index].accessToken,
      body: { name: 'bench' },
    });
    return key;
  });
}

async function inParallel(count, width, work) {
  const results = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
