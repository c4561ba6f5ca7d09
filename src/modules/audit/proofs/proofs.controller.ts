import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, Scope } from '../../../kernel/access/index.js';
import { Ok, Problems } from '../../../kernel/http/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import { auditPermissions } from '../audit.permissions.js';
import {
  ConsistencyProofQuery,
  ConsistencyProofView,
  InclusionProofQuery,
  InclusionProofView,
} from './proof.dto.js';
import { EntryNotSealed, TreeSizesReversed, TreeSizeUnknown } from './proofs.errors.js';
import { ProofsService } from './proofs.service.js';

@ApiTags('Audit')
@Authenticated({ permission: auditPermissions['audit.read'] })
@Controller('audit/proofs')
export class AuditProofsController {
  constructor(private readonly proofs: ProofsService) {}

  @Get('inclusion')
  @ApiOperation({
    summary: 'Prove that an entry is in the log',
    description:
      'The audit path from the entry to the root of a signed checkpoint, as RFC 9162 §2.1.3 defines it. Formats: docs/audit-format.md.',
  })
  @Ok(InclusionProofView, 'The proof.')
  @Problems(NotFound, EntryNotSealed, TreeSizeUnknown)
  inclusion(@Query() query: InclusionProofQuery, @Scope() scope: AccessScope): Promise<InclusionProofView> {
    return this.proofs.inclusion(scope, query.entry, query.treeSize);
  }

  @Get('consistency')
  @ApiOperation({
    summary: 'Prove that the log has only grown',
    description:
      'That the tree of one size is the beginning of the tree of another, as RFC 9162 §2.1.4 defines it. Formats: docs/audit-format.md.',
  })
  @Ok(ConsistencyProofView, 'The proof.')
  @Problems(TreeSizeUnknown, TreeSizesReversed)
  consistency(
    @Query() query: ConsistencyProofQuery,
    @Scope() scope: AccessScope,
  ): Promise<ConsistencyProofView> {
    return this.proofs.consistency(scope, query.from, query.to);
  }
}
