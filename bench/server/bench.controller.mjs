/** Routes that only exist while measuring: references to compare with, and a look inside the process. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Session } from 'node:inspector';
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { verify } from '@node-rs/argon2';
import { auditAppends } from './audit-appends.mjs';
import { HELLO } from './hello.mjs';
import { textbookEvaluation } from './textbook-evaluation.mjs';
import { watchedQueries } from './watched-queries.mjs';

const NANOSECONDS_PER_MS = 1e6;

/** Every column that the answer of GET /users/{id} has, and the roles, in the one query such an endpoint needs. */
const USER_WITH_ROLES = {
  name: 'bench_user_with_roles',
  text: `SELECT u.id, u.username, u.email, u.is_active AS "isActive", u.is_terminal_authorized AS "isTerminalAuthorized",
      u.is_server_terminal_authorized AS "isServerTerminalAuthorized", u.email_verified_at AS "emailVerifiedAt",
      u.last_login_at AS "lastLoginAt", u.disabled_reason AS "disabledReason", u.created_by AS "createdBy",
      u.created_at AS "createdAt", u.updated_at AS "updatedAt", u.deleted_at AS "deletedAt", u.version,
      ARRAY(SELECT r.name FROM role_bindings b JOIN roles r ON r.id = b.role_id
        WHERE b.subject_kind = 'user' AND b.subject_id = u.id AND b.scope_kind = 'global' AND b.effect = 'allow'
          AND (b.expires_at IS NULL OR b.expires_at > now())
        ORDER BY r.name)::text[] || 'member'::text AS roles
    FROM users u WHERE u.id = $1`,
};

/** @param {(path: string) => Promise<any>} fromBuild */
export async function benchController(fromBuild) {
  const [
    access,
    { CheckedBy },
    { Database, UnitOfWork },
    { DatabasePool },
    { EventLog },
    { PasswordHasher },
    evaluate,
  ] = await Promise.all([
    fromBuild('kernel/access/index.js'),
    fromBuild('kernel/http/index.js'),
    fromBuild('kernel/database/index.js'),
    fromBuild('kernel/database/pool.js'),
    fromBuild('kernel/events/index.js'),
    fromBuild('modules/auth/passwords/password-hasher.js'),
    textbookEvaluation(fromBuild),
  ]);
  const { Authenticated, CurrentPrincipal, Public } = access;
  const append = await auditAppends(fromBuild);

  class BenchController {
    #delays = null;
    #session = null;

    constructor(database, pool, modules) {
      this.database = database;
      this.pool = pool;
      this.modules = modules;
    }

    hello() {
      return HELLO;
    }

    helloAuthenticated() {
      return HELLO;
    }

    /** The driver alone: no repository, no scope, no view. */
    async selectUser(id) {
      const { rows } = await this.pool.connections.query({ ...USER_WITH_ROLES, values: [id] });
      return rows[0];
    }

    evaluate(principal, body) {
      const [unitOfWork, events] = [UnitOfWork, EventLog].map((token) =>
        this.modules.get(token, { strict: false }),
      );
      return evaluate({ pool: this.pool, unitOfWork, events }, principal, body);
    }

    queries() {
      return { issued: this.database.queriesIssued, statements: watchedQueries() };
    }

    /** Password checks with nothing around them, as many at a time as the application runs, for so many seconds. */
    async verifyPasswords(seconds) {
      const password = 'copper kettle sings at dawn';
      const hasher = this.modules.get(PasswordHasher, { strict: false });
      const stored = await hasher.hash(password);
      const concurrency = hasher.threads.length;
      const startedAt = performance.now();
      let verified = 0;
      const verifyUntilTimeIsUp = async () => {
        while (performance.now() - startedAt < Number(seconds) * 1000) {
          if (!(await verify(stored, password))) throw new Error('A right password was refused.');
          verified += 1;
        }
      };
      await Promise.all(Array.from({ length: concurrency }, verifyUntilTimeIsUp));
      return { verified, seconds: (performance.now() - startedAt) / 1000, concurrency };
    }

    appendRows(how, seconds) {
      const { modules, database, pool } = this;
      return append({ how, seconds: Number(seconds), modules, database, pool });
    }

    startDelays() {
      this.#delays = monitorEventLoopDelay({ resolution: 1 });
      this.#delays.enable();
    }

    /** Milliseconds between ticks of a timer of 1 ms, which is what they are when nothing is in the way. */
    stopDelays() {
      this.#delays.disable();
      const ms = (share) => this.#delays.percentile(share) / NANOSECONDS_PER_MS;
      return { p50: ms(50), p99: ms(99), max: this.#delays.max / NANOSECONDS_PER_MS };
    }

    async startProfile() {
      this.#session = new Session();
      this.#session.connect();
      await this.#post('Profiler.enable');
      await this.#post('Profiler.setSamplingInterval', { interval: 200 });
      await this.#post('Profiler.start');
    }

    /** A CPU profile as Chromium's developer tools open it. */
    async stopProfile() {
      const { profile } = await this.#post('Profiler.stop');
      this.#session.disconnect();
      return profile;
    }

    #post(method, parameters = {}) {
      return new Promise((resolve, reject) =>
        this.#session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result))),
      );
    }
  }

  const route = (method, ...decorators) => {
    const descriptor = Object.getOwnPropertyDescriptor(BenchController.prototype, method);
    for (const decorate of decorators) decorate(BenchController.prototype, method, descriptor);
  };
  route('hello', Get('hello'), Public());
  route('helloAuthenticated', Get('hello-authenticated'), Authenticated({ permission: 'user.read' }));
  route('selectUser', Get('pg-select/:id'), Public());
  route('evaluate', Post('textbook-evaluation'), HttpCode(200), Authenticated());
  route('queries', Get('queries'), Public());
  route(
    'verifyPasswords',
    Post('verify-passwords/:seconds'),
    HttpCode(200),
    Public({ carriesCredentials: true }),
  );
  route('appendRows', Post('append/:how/:seconds'), HttpCode(200), Public({ carriesCredentials: true }));
  route('startDelays', Post('delays/start'), HttpCode(204), Public({ carriesCredentials: true }));
  route('stopDelays', Post('delays/stop'), HttpCode(200), Public({ carriesCredentials: true }));
  route('startProfile', Post('profile/start'), HttpCode(204), Public({ carriesCredentials: true }));
  route('stopProfile', Post('profile/stop'), HttpCode(200), Public({ carriesCredentials: true }));
  CurrentPrincipal()(BenchController.prototype, 'evaluate', 0);
  Body()(BenchController.prototype, 'evaluate', 1);
  // The textbook's first chapter takes the body as it comes.
  CheckedBy((body) => body)(BenchController.prototype, 'evaluate', 1);
  Param('id')(BenchController.prototype, 'selectUser', 0);
  Param('seconds')(BenchController.prototype, 'verifyPasswords', 0);
  Param('how')(BenchController.prototype, 'appendRows', 0);
  Param('seconds')(BenchController.prototype, 'appendRows', 1);
  [Database, DatabasePool, ModuleRef].forEach((token, index) =>
    Inject(token)(BenchController, undefined, index),
  );
  Controller('bench')(BenchController);
  return BenchController;
}
