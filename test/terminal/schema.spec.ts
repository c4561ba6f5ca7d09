import { schemaDrift } from '../../src/kernel/database/index.js';
import { Tenant } from '../../src/kernel/settings/index.js';
import { Approval } from '../../src/modules/terminal/approvals/approval.entity.js';
import { ApprovalVote } from '../../src/modules/terminal/approvals/approval-vote.entity.js';
import { CommandRequest } from '../../src/modules/terminal/commands/command-request.entity.js';
import { TerminalRule } from '../../src/modules/terminal/rules/terminal-rule.entity.js';
import { TrustWindow } from '../../src/modules/terminal/trust/trust-window.entity.js';
import { CommandOutput } from '../../src/modules/terminal/execution/output/command-output.entity.js';
import { createTestDatabase } from '../support/postgres.js';

it('the entities of the terminal say what the migration says', async () => {
  const database = await createTestDatabase();
  const entities = [Tenant, TerminalRule, CommandRequest, Approval, ApprovalVote, TrustWindow, CommandOutput];
  expect(await schemaDrift(database.ownerUrl, entities)).toEqual([]);
  await database.drop();
});
