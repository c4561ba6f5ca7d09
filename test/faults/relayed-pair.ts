import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Fleet } from '../support/processes.js';
import { Relay } from '../support/relay.js';
import { Inspector } from './inspector.js';

/** Two processes on one database: the first talks to it directly, the second through a relay that the test controls. */
export class RelayedPair {
  private constructor(
    readonly database: TestDatabase,
    readonly relay: Relay,
    readonly fleet: Fleet,
    readonly inspector: Inspector,
  ) {}

  /** @param environment settings of both */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<RelayedPair> {
    const database = await createTestDatabase();
    const relay = await Relay.to(database.runtimeUrl);
    const fleet = await Fleet.start({
      database,
      environment,
      runtimeUrlOf: (index) => (index === 0 ? database.runtimeUrl : relay.through(database.runtimeUrl)),
    });
    return new RelayedPair(database, relay, fleet, await Inspector.of(database));
  }

  async stop(): Promise<void> {
    await this.inspector.close();
    await this.fleet.stop();
    await this.relay.close();
    await this.database.drop();
  }
}
