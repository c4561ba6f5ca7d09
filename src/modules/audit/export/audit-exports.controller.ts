import { Controller, Get, HttpCode, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../../kernel/access/index.js';
import { auditPermissions } from '../audit.permissions.js';
import { AuditExportQuery } from './audit-export.dto.js';
import { AuditExports } from './audit-exports.service.js';
import { streamedFile } from './streamed-file.js';

@ApiTags('Audit')
@Controller('audit/export')
export class AuditExportsController {
  constructor(private readonly exports: AuditExports) {}

  @Get()
  @HttpCode(200)
  @Authenticated({ permission: auditPermissions['audit.read'], rate: 'export' })
  @ApiOperation({
    summary: 'Export audit entries',
    description:
      'A file of any length, oldest entries first. `ndjson` without filters holds the sealed entries in the format of docs/audit-format.md, with checkpoints and keys: `reeve audit verify --export` checks it without the database. `json` and `csv`, and `ndjson` with filters, hold every entry that matches and was there when the request came, sealed or not. A connection that breaks off means that the file is not whole. The export is an audit entry itself.',
  })
  @ApiOkResponse({
    description: 'The file.',
    headers: {
      'Content-Disposition': { description: 'A name for the file.', schema: { type: 'string' } },
    },
    content: {
      'application/x-ndjson': {
        schema: { type: 'string' },
        example:
          '{"format":"reeve-audit/1","tenantId":"00000000-0000-7000-8000-000000000001","exportedAt":"2026-01-05T09:12:00.000Z","firstSeq":0,"lastSeq":-1,"frontier":[]}\n',
      },
      'application/json': { schema: { type: 'array', items: { type: 'object' } }, example: [] },
      'text/csv': { schema: { type: 'string' }, example: 'seq,id,occurredAt\r\n' },
    },
  })
  async export(@Query() query: AuditExportQuery, @Scope() scope: AccessScope): Promise<StreamableFile> {
    return streamedFile(await this.exports.begin(query, scope));
  }
}
