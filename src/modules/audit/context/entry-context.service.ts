import { Injectable } from '@nestjs/common';
import type { AccessScope } from '../../../kernel/access/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { AuditEntriesRepository } from '../audit-entries.repository.js';
import { AuditEntryView, type FullEntry } from '../audit-entry.dto.js';
import { chainOf } from './chain.js';
import type { EntryContextView } from './entry-context.dto.js';
import { EntryContextRepository } from './entry-context.repository.js';
import { approvalOf, commandOf, linkOf } from './entry-links.js';

/** More than any one command leaves behind. */
const MOST_ENTRIES = 500;
const NOTHING = { commands: [], approvals: [], resources: [], requests: [] };

@Injectable()
export class EntryContexts {
  constructor(
    private readonly entries: AuditEntriesRepository,
    private readonly context: EntryContextRepository,
  ) {}

  /** @throws NotFound */
  async of(id: string, scope: AccessScope): Promise<EntryContextView> {
    const entry = await this.entries.byId(scope, id);
    if (entry === null) throw new NotFound();
    const found = await this.around(entry, scope);
    const chain = chainOf(entry, found);
    const inChain = new Set(chain.flatMap((link) => link.entries.map((member) => member.id)));
    return {
      entry: AuditEntryView.of(entry),
      chain,
      related: found
        .filter((other) => other.id !== id && !inChain.has(other.id))
        .map((other) => AuditEntryView.of(other)),
      isComplete: chain.every(({ state }) => state !== 'missing'),
      truncated: found.length >= MOST_ENTRIES,
    };
  }

  /**
   * Each look finds names to look for in the next: the entry names an approval, whose entries name the command, whose
   * entries name the delegation.
   */
  private async around(entry: FullEntry, scope: AccessScope): Promise<FullEntry[]> {
    const near = await this.entriesOf([entry], scope, entry.requestId);
    const command = await this.entriesOf([entry, ...near], scope, null);
    const all = await this.entriesOf([entry, ...near, ...command], scope, null);
    const byId = new Map([entry, ...near, ...command, ...all].map((found) => [found.id, found]));
    return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Requests are asked for once, and only that of the entry: each entry of a command may have one of its own. */
  private entriesOf(
    known: readonly FullEntry[],
    scope: AccessScope,
    requestId: string | null,
  ): Promise<FullEntry[]> {
    const commands = [...new Set(known.map(commandOf).filter((id) => id !== null))];
    const approvals = [...new Set(known.map(approvalOf).filter((id) => id !== null))];
    const delegations = new Set(known.flatMap(({ delegationPath }) => delegationPath));
    for (const { resourceId, ...entry } of known)
      if (linkOf({ resourceId, ...entry }) === 'delegation' && resourceId !== null)
        delegations.add(resourceId);
    return this.context.around(
      scope,
      {
        ...NOTHING,
        commands: commands.filter(isUuidText),
        approvals: approvals.filter(isUuidText),
        resources: [...commands, ...approvals, ...delegations],
        requests: requestId === null ? [] : [requestId],
      },
      MOST_ENTRIES,
    );
  }
}

/** The id of a thing may be any text, the columns for commands and approvals are UUIDs. */
function isUuidText(id: string): boolean {
  return /^[0-9a-f-]{36}$/.test(id);
}
