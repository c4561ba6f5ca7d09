import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import {
  Identifier,
  OneOf,
  Optional,
  Satisfies,
  Text,
  View,
  WholeNumber,
} from '../../../kernel/http/index.js';
import { PrincipalView } from '../commands/principal.view.js';
import { TRUSTED_KINDS, TrustWindow } from './trust-window.entity.js';

export class TrustedPrincipal {
  @ApiProperty({ description: 'What kind.' })
  @OneOf(TRUSTED_KINDS, { example: 'service' })
  kind: (typeof TRUSTED_KINDS)[number];

  @ApiProperty({ description: 'Which one.' })
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22' })
  id: string;
}

export class GrantTrust {
  @ApiProperty({
    type: TrustedPrincipal,
    description: 'Who is trusted.',
    example: { kind: 'service', id: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22' },
  })
  @Satisfies('object', 'must be an object', (value) => typeof value === 'object' && !Array.isArray(value))
  @ValidateNested()
  @Type(() => TrustedPrincipal)
  principal: TrustedPrincipal;

  @ApiProperty({
    description: 'The first words of the commands, as in a rule of the whitelist. Give this or `commandId`.',
  })
  @Optional()
  @Text({ max: 512, example: 'npm publish' })
  pattern?: string;

  @ApiProperty({
    description: 'A command of that principal: exactly this one is trusted. Give this or `pattern`.',
  })
  @Optional()
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d02' })
  commandId?: string;

  @ApiProperty({ description: 'Only for commands that are meant for this gateway.' })
  @Optional()
  @Identifier()
  gatewayId?: string;

  @ApiProperty({ description: 'Seconds until it is over.' })
  @WholeNumber({ min: 10, max: 3600, example: 1800 })
  expiresInSeconds: number;

  @ApiProperty({ description: 'How many commands it is good for.' })
  @WholeNumber({ min: 1, max: 1000, example: 10 })
  maxUses: number;

  @ApiProperty({ description: 'Why.' })
  @Optional()
  @Text({ max: 512, multiline: true, example: 'Release window of tonight.' })
  reason?: string;
}

const EXAMPLE = {
  principal: { kind: 'service', id: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c22' },
  expiresInSeconds: 1800,
  maxUses: 10,
  reason: 'Release window of tonight.',
};

export const grantTrustExamples = {
  pattern: { summary: 'Commands that begin with some words', value: { ...EXAMPLE, pattern: 'npm publish' } },
  command: {
    summary: 'Exactly one command',
    value: { ...EXAMPLE, commandId: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3d02' },
  },
};

export class TrustWindowView extends View(TrustWindow, [
  'id',
  'pattern',
  'digest',
  'gatewayId',
  'reason',
  'createdAt',
  'expiresAt',
  'revokedAt',
  'maxUses',
  'used',
]) {
  /** Who is trusted. */
  @ApiProperty({ type: TrustedPrincipal })
  principal: TrustedPrincipal;

  /** Who granted it. */
  @ApiProperty({ type: PrincipalView })
  grantedBy: PrincipalView;

  static of(window: TrustWindow): TrustWindowView {
    return {
      ...TrustWindowView.from(window),
      principal: { kind: window.principalKind, id: window.principalId },
      grantedBy: { kind: 'user', id: window.grantedBy, name: window.grantedByName },
    };
  }
}
