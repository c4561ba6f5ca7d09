/**
 * A narrated walk through Reeve, over HTTP only.
 *
 *   npm run demo                                             starts a service of its own and throws it away afterwards
 *   npm run demo -- --url http://127.0.0.1:3000 --setup-token rv_stp_…    walks a fresh running service
 */
import { parseArgs } from 'node:util';
import { Caller, chapter, say } from './demo/narrator.mjs';
import { startService } from './demo/service.mjs';

const { values: options } = parseArgs({
  options: { url: { type: 'string' }, 'setup-token': { type: 'string' } },
});

const password = {
  ada: 'copper kettle sings at dawn',
  grace: 'seven quiet herons wading',
  linus: 'a lantern under the bridge',
  mary: 'salt wind over the harbour',
};

async function walk(url, setupToken) {
  const stranger = new Caller(url, 'anyone');

  chapter('1. Set up: the first administrator');
  say(
    'The service printed a one-time token when it started. Whoever holds it becomes the first administrator.',
  );
  const first = await stranger.call('POST', '/auth/setup', {
    body: { token: setupToken, username: 'ada', email: 'ada@example.com', password: password.ada },
    expect: 201,
  });
  const ada = new Caller(url, 'ada', first.accessToken);
  say('The token works once: a second try is refused.');
  await stranger.call('POST', '/auth/setup', {
    body: { token: setupToken, username: 'eve', email: 'eve@example.com', password: password.ada },
    expect: 409,
  });

  chapter('2. Three people are invited, and accept');
  const people = {};
  for (const [name, roles] of Object.entries({
    grace: ['operator'],
    linus: ['approver'],
    mary: ['auditor'],
  })) {
    const invited = await ada.call('POST', '/users', {
      body: { username: name, email: `${name}@example.com`, roles },
      expect: 201,
    });
    const tokens = await stranger.call('POST', '/auth/invite/accept', {
      body: { token: invited.inviteToken, password: password[name] },
    });
    people[name] = new Caller(url, name, tokens.accessToken);
    const me = await people[name].call('GET', '/auth/me');
    say(`${name} is in, as ${me.roles.join(', ')}.`);
  }

  chapter('3. Grace signs in from two devices');
  const laptop = await stranger.call('POST', '/auth/login', {
    body: { login: 'grace', password: password.grace, deviceLabel: 'Laptop' },
  });
  const phone = await stranger.call('POST', '/auth/login', {
    body: { login: 'grace@example.com', password: password.grace, deviceLabel: 'Phone' },
  });
  const grace = people.grace.withToken(laptop.accessToken);
  const { items: sessions } = await grace.call('GET', '/auth/sessions');
  for (const session of sessions)
    say(`${session.deviceLabel}${session.current ? ' (this one)' : ''}, signed in ${session.createdAt}`);

  chapter('4. An API key, and its rotation');
  const key = await grace.call('POST', '/auth/api-keys', { body: { name: 'build server' }, expect: 201 });
  say(`The key is shown once; from now on it is known as ${key.keyPrefix}….`);
  const rotated = await grace.call('POST', `/auth/api-keys/${key.id}/rotate`, {
    body: { overlapSeconds: 3600 },
    expect: 201,
  });
  say('For an hour both keys work, so nothing has to stop while the new one is rolled out.');
  await new Caller(url, 'old key', key.key).call('GET', '/auth/me');
  await new Caller(url, 'new key', rotated.key).call('GET', '/auth/me');

  chapter('5. The phone is lost: its session is revoked');
  const lost = sessions.find((session) => session.deviceLabel === 'Phone');
  await grace.call('DELETE', `/auth/sessions/${lost.id}`, { expect: 204 });
  await new Caller(url, 'phone', phone.accessToken).call('GET', '/auth/me', { expect: 401 });
  await new Caller(url, 'phone').call('POST', '/auth/refresh', {
    body: { refreshToken: phone.refreshToken },
    expect: 401,
  });

  chapter('6. Somebody guesses at Linus’s password');
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await stranger.call('POST', '/auth/login', {
      body: { login: 'linus', password: `guess number ${attempt}` },
      expect: 401,
    });
  }
  say('The sixth try is refused unread, even with the right password. Sessions that are open go on.');
  await stranger.call('POST', '/auth/login', {
    body: { login: 'linus', password: password.linus },
    expect: 429,
  });
  await people.linus.call('GET', '/auth/me');

  chapter('7. Mary, the auditor, reads what happened');
  const { items: entries } = await people.mary.call('GET', '/audit/entries?limit=200');
  for (const entry of entries.toReversed()) {
    say(
      `${entry.occurredAt}  ${(entry.actorName ?? entry.actorKind).padEnd(12)} ${entry.action.padEnd(22)} ${entry.outcome}`,
    );
  }
  say('She may read, and nothing else:');
  await people.mary.call('POST', '/users', {
    body: { username: 'mallory', email: 'mallory@example.com' },
    expect: 403,
  });

  say('');
  say('That is all.');
}

if (options.url !== undefined) {
  if (options['setup-token'] === undefined) {
    console.error('Give --setup-token as well: the token that the service printed when it first started.');
    process.exit(64);
  }
  await walk(options.url, options['setup-token']);
  say(`Explore the rest in Swagger UI: ${options.url}/docs`);
} else {
  console.log('Starting a service of its own for this walk; it is thrown away at the end.');
  const service = await startService();
  try {
    await walk(service.url, service.setupToken);
    say('This service ends now. `npm start` starts one that stays, with Swagger UI for the rest.');
  } finally {
    await service.stop();
  }
}
