import './resolve-sources.cjs';
import { startTestServer } from './postgres-server.js';
import { TEST_SERVER_VARIABLE } from './postgres.js';

/** One database server for the whole run; the workers inherit where it is. */
export default async function globalSetup(mode: JestMode): Promise<void> {
  refuseModes(mode);
  const { server, stop } = await startTestServer(process.env.TEST_DATABASE_URL);
  process.env[TEST_SERVER_VARIABLE] = JSON.stringify(server);
  (globalThis as StoppableTestServer).stopTestServer = stop;
}

interface JestMode {
  readonly watch: boolean;
  readonly watchAll: boolean;
  readonly collectCoverage: boolean;
}

/** Sources are loaded once for each process (load-once-runtime.cjs): changed ones would not be seen, nor what they cover. */
function refuseModes({ watch, watchAll, collectCoverage }: JestMode): void {
  if (watch || watchAll)
    throw new Error('Watching would test the sources as they were at first: run the tests anew instead.');
  if (collectCoverage)
    throw new Error('Coverage would be incomplete: sources are loaded once for many spec files.');
}

/** How the set-up hands its end to the tear-down, which Jest runs in the same process. */
export interface StoppableTestServer {
  stopTestServer?: () => Promise<void>;
}
