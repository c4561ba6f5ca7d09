import { Injectable } from '@nestjs/common';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Forbidden, NotFound } from '../../../kernel/problem/index.js';
import { terminalPermissions } from '../terminal.permissions.js';
import { AuditLogView, type AuditLogsQuery, type CommandsQuery, CommandView } from './command.dto.js';
import { maySeeCommand, readsAllCommands } from './command-readers.js';
import type { CommandRequest } from './command-request.entity.js';
import { type CommandFilter, CommandsRepository } from './commands.repository.js';

/** What was asked for, and what became of it. */
@Injectable()
export class CommandDirectory {
  constructor(
    private readonly commands: CommandsRepository,
    private readonly cursors: Cursors,
  ) {}

  /** One's own; with `terminal.read` everybody's. @throws Forbidden when others are asked about without it */
  page(query: CommandsQuery, reader: Principal): Promise<Page<CommandView>> {
    const { status, sessionId } = query;
    const principalId = readsAllCommands(reader) ? query.principalId : reader.id;
    if (query.principalId !== undefined && query.principalId !== principalId)
      throw new Forbidden(`The permission ${terminalPermissions['terminal.read'].name} is missing.`);
    const filter = { status, sessionId, principalId };
    return this.pageOf('commands', query, filter, reader, (row) => CommandView.of(row));
  }

  /** @throws NotFound */
  async view(id: string, reader: Principal): Promise<CommandView> {
    const command = await this.commands.byId(reader, id);
    if (command === null || !maySeeCommand(command, reader)) throw new NotFound();
    return CommandView.of(command);
  }

  auditLogs(query: AuditLogsQuery, reader: Principal): Promise<Page<AuditLogView>> {
    const { userId: principalId, sessionId, decision, mode } = query;
    const filter: CommandFilter = {
      ...{ principalId, sessionId, decision, mode },
      since: query.since === undefined ? undefined : new Date(query.since),
      until: query.until === undefined ? undefined : new Date(query.until),
      isDecided: true,
    };
    return this.pageOf('terminal-audit-logs', query, filter, reader, (row) => AuditLogView.of(row));
  }

  private async pageOf<View>(
    list: string,
    query: PageQuery,
    filter: CommandFilter,
    reader: Principal,
    viewOf: (row: CommandRequest) => View,
  ): Promise<Page<View>> {
    const { limit, total } = query;
    const binding = bindingOf(list, reader.tenantId, filter);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const rows = await this.commands.search(reader, filter, before, limit + 1);
    const page = this.cursors.page(rows, limit, binding, ({ id }) => [id], viewOf);
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.commands.countUpTo(reader, filter, TOTAL_CAP + 1)) };
  }
}
