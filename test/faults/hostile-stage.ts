import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashToken, tokenFromBytes } from '../../src/kernel/crypto/tokens.js';
import type { HttpClient } from '../support/http-client.js';
import { ADMIN, type Fleet } from '../support/processes.js';
import { exampleOf, type Field, fieldsOf, type Operation, type Schema } from './api-surface.js';
import type { Inspector } from './inspector.js';
import { expecting } from './people.js';
import type { RawHttp, RawReply, RawRequest } from './raw-http.js';

const TENANT = '00000000-0000-7000-8000-000000000001';
/** Routes that lock after a few wrong answers, so that nothing more would be tried. */
const CHECKS_PASSWORDS = /\/auth\/(?:login|reauthenticate|password\/change)$/;
/** A sign-in costs a password hash. One this young is fresh enough for everything that asks for a recent one. */
const SIGNED_IN_ANEW_AFTER_MS = 60_000;
/** The longest that a process takes to learn of a change. */
const SETTINGS_KNOWN_AFTER_MS = 700;

/** What a request to an operation needs so that the code behind the validation is reached. */
export interface Target {
  readonly path: string;
  readonly fields: readonly Field[];
  /** A body that would be accepted, with new names and tokens each time. */
  readonly body: () => Promise<Record<string, unknown>>;
}

/** Keeps the administrator signed in and makes the things that hostile requests are about. */
export class Stage {
  private token = '';
  private signedInMs = -Infinity;
  private admin: HttpClient;
  private count = 0;

  constructor(
    private readonly fleet: Fleet,
    private readonly inspector: Inspector,
    private readonly raw: RawHttp,
  ) {}

  /** Signed in, whatever the requests before have locked or ended. */
  async ready(): Promise<void> {
    await this.inspector.rows('DELETE FROM login_throttles');
    if (await this.isSignedIn()) return;
    this.token = await this.fleet.adminToken();
    this.signedInMs = performance.now();
    this.admin = this.fleet.http().as(this.token);
  }

  private async isSignedIn(): Promise<boolean> {
    if (performance.now() - this.signedInMs > SIGNED_IN_ANEW_AFTER_MS) return false;
    return (await this.admin.get('/auth/me')).status === 200;
  }

  async targetOf(operation: Operation): Promise<Target> {
    const { body: schema } = operation;
    return {
      path: await this.pathOf(operation),
      fields: schema === null ? [] : await this.fieldsOf(operation, schema),
      body: () => (schema === null ? Promise.resolve({}) : this.bodyOf(operation, schema)),
    };
  }

  /** As the administrator, with the version that the resource has now where one is asked for. */
  async send(
    operation: Operation,
    path: string,
    body?: Buffer,
    headers: Record<string, string> = {},
  ): Promise<RawReply> {
    const all: Record<string, string> = { authorization: this.authorization };
    if (body !== undefined)
      Object.assign(all, { 'content-type': 'application/json', 'content-length': `${body.length}` });
    if (CHECKS_PASSWORDS.test(path)) await this.inspector.rows('DELETE FROM login_throttles');
    if (operation.needsIfMatch) all['if-match'] = await this.versionAt(path);
    const reply = await this.raw.send({
      method: operation.method,
      path,
      body,
      headers: { ...all, ...headers },
    });
    if (isSettings(operation) && operation.isMutation && reply.status === 200) await this.restoreSettings();
    return reply;
  }

  async sendJson(
    operation: Operation,
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<RawReply> {
    return this.send(operation, path, Buffer.from(JSON.stringify(body)), headers);
  }

  sendRaw(request: RawRequest): Promise<RawReply> {
    return this.raw.send({
      ...request,
      headers: { authorization: `Bearer ${this.token}`, ...request.headers },
    });
  }

  get authorization(): string {
    return `Bearer ${this.token}`;
  }

  /** A tenant may limit its own requests to one a minute, the administrator's included. */
  private async restoreSettings(): Promise<void> {
    await this.inspector.rows(`UPDATE tenant_settings SET "values" = '{}'`);
    await this.inspector.rows('INSERT INTO access_changes (kind, subject) VALUES ($1, $2)', [
      'settings',
      TENANT,
    ]);
    await sleep(SETTINGS_KNOWN_AFTER_MS);
    await this.inspector.rows('DELETE FROM rate_windows');
  }

  private async versionAt(path: string): Promise<string> {
    const { headers } = await this.sendRaw({ method: 'GET', path });
    return String(headers.etag ?? '"1"');
  }

  private async pathOf({ template }: Operation): Promise<string> {
    if (template.includes('/users/{id}')) return template.replace('{id}', (await this.invite()).id);
    if (template.includes('/auth/api-keys/{id}')) return template.replace('{id}', await this.ownKey());
    if (template.includes('/service-principals/{id}')) return template.replace('{id}', await this.service());
    if (template.includes('{serviceId}')) return this.serviceKeyPath(template);
    if (template.includes('/roles/{id}')) return template.replace('{id}', await this.firstOf('/roles'));
    if (template.includes('/audit/entries/{id}'))
      return template.replace('{id}', await this.firstOf('/audit/entries'));
    // Sessions are left alone: the administrator needs theirs.
    return template.replace('{id}', '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11').replace('{code}', 'not_found');
  }

  private async serviceKeyPath(template: string): Promise<string> {
    const service = await this.service();
    const path = template.replace('{serviceId}', service);
    if (!path.includes('{keyId}')) return path;
    const key = await expecting(201, this.admin.post(`/service-principals/${service}/keys`, {}));
    return path.replace('{keyId}', key.id as string);
  }

  /** Settings are data rather than documented members: the ones there are now. */
  private async fieldsOf(operation: Operation, schema: Schema): Promise<Field[]> {
    if (!isSettings(operation)) return fieldsOf(schema);
    const settings = Object.entries(await expecting(200, this.admin.get('/settings')));
    return settings
      .filter(([name]) => name !== 'version')
      .map(([name, value]) => ({
        path: [name],
        // Null puts a setting back to its default.
        schema: { type: value === null ? ['null', 'number', 'string'] : ['null', typeOf(value)] },
      }));
  }

  private async bodyOf(operation: Operation, schema: Schema): Promise<Record<string, unknown>> {
    if (isSettings(operation)) return {};
    const { template } = operation;
    if (template.endsWith('/auth/login')) return { login: ADMIN.email, password: ADMIN.password };
    const example = exampleOf(schema);
    const name = this.nextName();
    return {
      ...example,
      ...('username' in example ? { username: name } : {}),
      ...('email' in example ? { email: `${name}@example.com` } : {}),
      ...('name' in example ? { name } : {}),
      ...('token' in example ? { token: await this.oneTimeToken(template) } : {}),
    };
  }

  private async oneTimeToken(template: string): Promise<string> {
    if (template.endsWith('/invite/accept')) return (await this.invite()).inviteToken;
    if (template.endsWith('/password/reset')) return this.storedToken('reset', 'rst');
    if (template.endsWith('/auth/verify')) return this.storedToken('verify', 'vfy');
    return tokenFromBytes('stp', randomBytes(32));
  }

  /** In place of the one that would have been mailed. */
  private async storedToken(purpose: string, kind: 'rst' | 'vfy'): Promise<string> {
    const { id } = await this.invite();
    const token = tokenFromBytes(kind, randomBytes(32));
    await this.inspector.rows(
      `INSERT INTO one_time_tokens (id, tenant_id, purpose, token_hash, subject_id, created_at, expires_at)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, now(), now() + interval '1 hour')`,
      [TENANT, purpose, hashToken(token), id],
    );
    return token;
  }

  private async invite(): Promise<{ id: string; inviteToken: string }> {
    const name = this.nextName();
    const body = { username: name, email: `${name}@example.com` };
    return (await expecting(201, this.admin.post('/users', body))) as { id: string; inviteToken: string };
  }

  private async service(): Promise<string> {
    return (await expecting(201, this.admin.post('/service-principals', { name: this.nextName() })))
      .id as string;
  }

  private async ownKey(): Promise<string> {
    return (await expecting(201, this.admin.post('/auth/api-keys', { name: this.nextName(), scopes: [] })))
      .id as string;
  }

  private async firstOf(list: string): Promise<string> {
    return (await expecting(200, this.admin.get(`${list}?limit=1`))).items[0].id as string;
  }

  private nextName(): string {
    return `target-${(this.count += 1)}`;
  }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

export function isSettings({ template }: Operation): boolean {
  return template.endsWith('/settings');
}
