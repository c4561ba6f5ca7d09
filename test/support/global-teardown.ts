import type { StoppableTestServer } from './global-setup.js';

export default async function globalTeardown(): Promise<void> {
  await (globalThis as StoppableTestServer).stopTestServer?.();
}
