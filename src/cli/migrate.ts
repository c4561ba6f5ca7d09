import { Command } from 'commander';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      'Bring the database to the schema of this version; the service does it by itself when it starts',
    )
    .action(async () => {
      const { migrateDatabase } = await import('../kernel/database/index.js');
      const { loadConfiguration } = await import('../kernel/runtime/index.js');
      const { joinDatabase } = await import('./database.js');
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
