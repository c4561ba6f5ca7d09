import { ApiProperty } from '@nestjs/swagger';

/** Somebody who acted, with the name they had then. */
export class PrincipalView {
  @ApiProperty({ enum: ['user', 'service', 'agent'], description: 'What kind.', example: 'service' })
  kind: 'user' | 'service' | 'agent';

  @ApiProperty({ format: 'uuid', description: 'Which one.', example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22' })
  id: string;

  @ApiProperty({ description: 'The name at that time.', example: 'nightly-deploy' })
  name: string;
}
