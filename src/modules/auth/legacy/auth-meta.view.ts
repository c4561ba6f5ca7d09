import { ApiProperty } from '@nestjs/swagger';
import { View } from '../../../kernel/http/index.js';
import { AuthMeta } from './auth-meta.entity.js';

export class AuthMetaView extends View(AuthMeta, ['key', 'value', 'updatedAt']) {}

export class SchemaView {
  @ApiProperty({ type: [AuthMetaView], description: 'Versions and one-time changes of the data, by key.' })
  items: AuthMetaView[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Always null: there is one page.',
  })
  nextCursor: string | null;
}
