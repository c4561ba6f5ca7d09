/** One client: writes one thing after the other, at whichever replica is up, and believes only what it is told. */
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_REQUEST_MS = 15_000;
const PASSWORD = 'seven quiet herons wading';
/** One operation in so many is repeated with an Idempotency-Key until it is answered. */
const PERSISTENT_ONE_IN = 3;

export class Client {
  constructor(name, { replicas, journal, token, random }) {
    this.name = name;
    this.replicas = replicas;
    this.journal = journal;
    this.token = token;
    this.random = random;
    this.count = 0;
  }

  /** Goes on until the journal holds so many acknowledgements. */
  async run(acknowledgements) {
    while (this.journal.acknowledged < acknowledgements) await this.writeSomething();
  }

  async writeSomething() {
    const stories = [() => this.aUser(), () => this.aKey(), () => this.aService(), () => this.aSession()];
    await stories[Math.floor(this.random() * stories.length)]();
  }

  async aUser() {
    const username = this.nextName('user');
    const invited = await this.ask('user.invite', 'POST', '/users', {
      username,
      email: `${username}@example.com`,
    });
    if (!invited?.id) return;
    const renamed = this.nextName('renamed');
    const patched = await this.ask(
      'user.update',
      'PATCH',
      `/users/${invited.id}`,
      { username: renamed },
      invited,
    );
    if (patched === null || this.random() < 0.5) return;
    await this.ask('user.delete', 'DELETE', `/users/${invited.id}`, undefined, patched);
  }

  async aKey() {
    const created = await this.ask('api_key.create', 'POST', '/auth/api-keys', {
      name: this.nextName('key'),
      scopes: [],
    });
    if (!created?.id || this.random() < 0.3) return;
    await this.ask('api_key.revoke', 'DELETE', `/auth/api-keys/${created.id}`);
  }

  async aService() {
    const created = await this.ask('service.create', 'POST', '/service-principals', {
      name: this.nextName('service'),
    });
    if (!created?.id) return;
    const changed = await this.ask('service.update', 'PATCH', `/service-principals/${created.id}`, {
      description: this.nextName('description'),
    });
    if (changed === null || this.random() < 0.5) return;
    await this.ask('service.delete', 'DELETE', `/service-principals/${created.id}`);
  }

  /** Accepting an invitation starts a session, which is then refreshed, each token once. */
  async aSession() {
    const username = this.nextName('guest');
    const invited = await this.ask('user.invite', 'POST', '/users', {
      username,
      email: `${username}@example.com`,
    });
    if (!invited?.inviteToken) return;
    const body = { token: invited.inviteToken, password: PASSWORD };
    let pair = await this.ask('user.invite_accept', 'POST', '/auth/invite/accept', body, null, {
      userId: invited.id,
    });
    for (let time = 0; time < 3 && pair !== null; time += 1) {
      const { refreshToken, sessionId } = pair;
      pair = await this.ask('session.refresh', 'POST', '/auth/refresh', { refreshToken }, null, {
        parent: sessionId,
      });
    }
  }

  /** The body of the acknowledgement ({} when there is none), or null when it is not known whether it happened. */
  async ask(kind, method, path, body, current = null, about = {}) {
    const carriesCredentials = path.startsWith('/auth/invite') || path.startsWith('/auth/refresh');
    const isPersistent = !carriesCredentials && this.random() * PERSISTENT_ONE_IN < 1;
    const intent = { path, ...about, ...(carriesCredentials ? {} : body) };
    const operation = this.journal.begin(kind, intent);
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(carriesCredentials ? {} : { authorization: `Bearer ${this.token}` }),
      ...(current === null ? {} : { 'if-match': `"${current.version}"` }),
      ...(isPersistent ? { 'idempotency-key': `${this.name}-${operation.number}` } : {}),
    };
    do {
      await this.send(operation, method, path, headers, body);
    } while (
      isPersistent &&
      !operation.acknowledged &&
      this.journal.wrongAnswers.length === 0 &&
      (await pause())
    );
    return operation.acknowledged ? (operation.answer ?? {}) : null;
  }

  async send(operation, method, path, headers, body) {
    const requestId = `${this.name}-${operation.number}-${operation.requestIds.length}`;
    const replica = await this.anyReplica();
    this.journal.tried(operation, requestId);
    try {
      const response = await fetch(`${replica.url}/api/v1${path}`, {
        method,
        headers: { ...headers, 'x-request-id': requestId },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(LONGEST_REQUEST_MS),
      });
      const text = await response.text();
      const answer = text === '' ? null : JSON.parse(text);
      const isInFlight = response.status === 409 && answer?.code === 'idempotency_in_flight';
      this.journal.answered(operation, isInFlight ? 503 : response.status, answer);
    } catch {
      this.journal.answered(operation, 'none', null);
    }
  }

  async anyReplica() {
    for (;;) {
      const ready = this.replicas.filter((replica) => replica.isReady);
      if (ready.length > 0) return ready[Math.floor(this.random() * ready.length)];
      await sleep(20);
    }
  }

  nextName(kind) {
    this.count += 1;
    return `${kind}-${this.name}-${this.count}`;
  }
}

const pause = () => sleep(50, true);
