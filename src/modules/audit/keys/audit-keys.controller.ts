import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../../kernel/access/index.js';
import { Ok, type Page, PageOf, PageQuery, Problems } from '../../../kernel/http/index.js';
import { InvalidCursor } from '../../../kernel/problem/index.js';
import { auditPermissions } from '../audit.permissions.js';
import { AuditKeyView } from './audit-key.dto.js';
import { PublishedKeys } from './published-keys.js';

@ApiTags('Audit')
@Authenticated({ permission: auditPermissions['audit.read'] })
@Controller('audit/keys')
export class AuditKeysController {
  constructor(private readonly keys: PublishedKeys) {}

  @Get()
  @ApiOperation({
    summary: 'List the keys that sign checkpoints',
    description:
      'From the first to the one that signs now. Keep them apart from the service: with them, checkpoints can be verified without trusting it. Formats: docs/audit-format.md.',
  })
  @Ok(PageOf(AuditKeyView), 'A page of keys.')
  @Problems(InvalidCursor)
  list(@Query() query: PageQuery, @Scope() scope: AccessScope): Promise<Page<AuditKeyView>> {
    return this.keys.page(query, scope);
  }
}
