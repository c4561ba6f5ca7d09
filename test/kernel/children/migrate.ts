import { migrateDatabase } from '../../../src/kernel/database/index.js';

const [ownerUrl, runtimeUrl] = process.argv.slice(2);
void migrateDatabase({ ownerUrl, runtimeUrl }).then(({ applied }) =>
  process.stdout.write(`${applied.length}\n`),
);
