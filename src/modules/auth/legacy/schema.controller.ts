import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../../kernel/access/index.js';
import { Ok } from '../../../kernel/http/index.js';
import { AuthMetaRepository } from './auth-meta.repository.js';
import { AuthMetaView, SchemaView } from './auth-meta.view.js';

@ApiTags('Administration')
@Controller('admin')
export class SchemaController {
  constructor(private readonly meta: AuthMetaRepository) {}

  /** The version of the data and which one-time changes have been made to it. */
  @Get('schema')
  @Authenticated({ permission: 'system.read' })
  @Ok(SchemaView)
  async schema(): Promise<SchemaView> {
    const rows = await this.meta.all();
    return { items: rows.map((row) => AuthMetaView.from(row)), nextCursor: null };
  }
}
