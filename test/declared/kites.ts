import { fact } from '../../src/kernel/events/index.js';

/** Here rather than in a spec file, because several need it and the catalogue takes a declaration once per process. */
export class KiteFlown extends fact<{ height: number; note?: string }>({
  action: 'kite.fly',
  resourceType: 'kite',
  summary: 'A kite was flown.',
  public: true,
  detail: { height: { type: 'number' }, note: { type: 'string' } },
  example: { height: 30 },
}) {}
