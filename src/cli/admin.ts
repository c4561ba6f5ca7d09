import { Command } from 'commander';
import { readSecret } from './read-secret.js';

interface CreateOptions {
  readonly email: string;
  readonly username?: string;
}

export function adminCommands(): Command {
  const create = new Command('create')
    .description('Create an administrator; the password is asked for, or read from standard input')
    .requiredOption('--email <address>', 'mail address')
    .option('--username <name>', 'name to sign in with; the local part of the address when left out')
    .action(async ({ email, username }: CreateOptions) => {
      const password = await readSecret('Password: ');
      const { AdminAccounts } = await import('../modules/auth/index.js');
      const { withApplication } = await import('./application.js');
      const id = await withApplication((app) => app.get(AdminAccounts).create({ email, username, password }));
      process.stdout.write(`${id}\n`);
    });
  return new Command('admin').description('Administrators').addCommand(create);
}
