import { Command } from 'commander';

interface RotateOptions {
  readonly tokens?: boolean;
  readonly audit?: boolean;
  readonly lostAuditKey?: boolean;
}

export function keysCommands(): Command {
  const rotate = new Command('rotate')
    .description(
      'Replace the keys that sign access tokens and checkpoints of the audit log; both, or the one named',
    )
    .option('--tokens', 'the key that signs access tokens; tokens that are out stay valid')
    .option('--audit', 'the key that signs checkpoints; it endorses its successor and is destroyed')
    .option('--lost-audit-key', 'the audit key cannot be opened any more: begin anew, without an endorsement')
    .action(async ({ tokens, audit, lostAuditKey }: RotateOptions) => {
      const isLost = lostAuditKey === true;
      const named = tokens === true || audit === true || isLost;
      const { AuditKeys } = await import('../modules/audit/index.js');
      const { SigningKeys } = await import('../modules/auth/index.js');
      const { withApplication } = await import('./application.js');
      await withApplication(async (app) => {
        if (!named || tokens === true)
          process.stdout.write(
            `tokens: ${(await app.get(SigningKeys).rotate()) ?? 'replaced by somebody else just now'}\n`,
          );
        if (!named || audit === true || isLost)
          process.stdout.write(`audit: ${await app.get(AuditKeys).rotate(isLost)}\n`);
      });
    });
  return new Command('keys').description('Keys that the service signs with').addCommand(rotate);
}
