import './resolve-sources.cjs';
import { startTestServer } from './postgres-server.js';
import { TEST_SERVER_VARIABLE } from './postgres.js';

/** One database server for the whole run; the workers inherit where it is. */
export default async function globalSetup(): Promise<void> {
  const { server, stop } = await startTestServer(process.env.TEST_DATABASE_URL);
  process.env[TEST_SERVER_VARIABLE] = JSON.stringify(server);
  (globalThis as StoppableTestServer).stopTestServer = stop;
}

/** How the set-up hands its end to the tear-down, which Jest runs in the same process. */
export interface StoppableTestServer {
  stopTestServer?: () => Promise<void>;
}
