import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { HttpClient } from '../support/http-client.js';
import { ifMatch } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { expecting, invited, type Person } from '../faults/people.js';
import { Machine } from './reeve.js';

/** A service that runs, a developer with a machine and a key, and somebody who approves. */
export class Stage {
  private constructor(
    private readonly database: TestDatabase,
    readonly fleet: Fleet,
    readonly admin: HttpClient,
    readonly developer: Person,
    readonly approver: Person,
    readonly machine: Machine,
    /** What the command needs in its environment to act for the developer. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async set(): Promise<Stage> {
    const database = await createTestDatabase();
    const fleet = await Fleet.start({ database, size: 1 });
    const admin = await fleet.admin();
    const developer = await invited(fleet, admin, 'dev');
    const { version } = await expecting(200, admin.get(`/users/${developer.id}`));
    const flags = { isTerminalAuthorized: true };
    await expecting(200, admin.patch(`/users/${developer.id}`, flags, ifMatch(version as number)));
    const approver = await invited(fleet, admin, 'lead', ['approver']);
    const { key } = await expecting(201, developer.http.post('/auth/api-keys', { name: 'agent' }));
    const env = { REEVE_SERVER: fleet.all[0].url, REEVE_TOKEN: key as string };
    return new Stage(database, fleet, admin, developer, approver, new Machine(), env);
  }

  async strike(): Promise<void> {
    await this.machine.remove();
    await this.fleet.stop();
    await this.database.drop();
  }

  async allow(...patterns: string[]): Promise<void> {
    for (const pattern of patterns)
      await expecting(201, this.developer.http.post('/terminal/whitelist', { pattern }));
  }

  /** One rule that is for this file only. */
  async allowPinned(pattern: string, path: string): Promise<void> {
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    const pins = [{ path, sha256 }];
    await expecting(201, this.developer.http.post('/terminal/whitelist', { pattern, pins }));
  }

  async block(pattern: string): Promise<void> {
    await expecting(201, this.admin.post('/terminal/blocklist', { pattern, reason: 'Not on this machine.' }));
  }

  /** The newest command of the developer as the server keeps it. */
  async newestCommand(): Promise<Record<string, unknown>> {
    const { items } = await expecting(200, this.developer.http.get('/terminal/commands?limit=1'));
    return (items as Record<string, unknown>[])[0];
  }

  /** The approval that waits, as the approver sees it. */
  async pendingApproval(): Promise<{ id: string; digest: string; command: string }> {
    const pending = () => expecting(200, this.approver.http.get('/terminal/approvals?status=pending'));
    for (let tries = 0; tries < 400; tries += 1) {
      const { items } = await pending();
      if (items.length > 0) return (items as { id: string; digest: string; command: string }[])[0];
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('Nothing waits for an approval.');
  }
}
