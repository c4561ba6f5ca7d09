import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface WalkService {
  readonly url: string;
  readonly setupToken: string;
  readonly stop: () => Promise<void>;
}

/** The service as `npm start` runs it, embedded database included: the demo's own starter. */
export async function startWalkService(): Promise<WalkService> {
  const { startService } = (await import(
    pathToFileURL(join(__dirname, '..', '..', 'scripts', 'demo', 'service.mjs')).href
  )) as {
    startService: () => Promise<WalkService>;
  };
  return startService();
}
