import { Command } from 'commander';
import { migrateDatabase } from '../kernel/database/index.js';
import { loadConfiguration } from '../kernel/runtime/index.js';
import { joinDatabase } from './database.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      'Bring the database to the schema of this version; the service does it by itself when it starts',
    )
    .action(async () => {
      const database = await joinDatabase(loadConfiguration());
      try {
        const { applied } = await migrateDatabase({
          ...database,
          log: (line) => process.stderr.write(`${line}\n`),
        });
        process.stdout.write(
          applied.length === 0
            ? 'The schema is up to date.\n'
            : `${applied.map((name) => `Applied ${name}\n`).join('')}`,
        );
      } finally {
        await database.stop();
      }
    });
}
