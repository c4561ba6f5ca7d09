import { ApiProperty } from '@nestjs/swagger';
import { Opaque, Optional, Satisfies, Text, View } from '../../../kernel/http/index.js';
import { LONGEST_TOKEN } from '../one-time-tokens/token-fields.js';
import { Pairing } from './pairing.entity.js';
import { canonicalUserCode } from './user-code.js';

const LONGEST_TYPED_CODE = 32;
const UNNAMED_DEVICE = 'Unnamed device';

export class StartPairing {
  @ApiProperty({
    description:
      'What the device is called: the person sees it when they decide, and the key gets this name.',
    default: UNNAMED_DEVICE,
  })
  @Optional()
  @Text({ max: 64, example: 'ada-laptop' })
  @Satisfies('invisible_character', 'must not contain characters that cannot be seen', isVisible)
  deviceName: string = UNNAMED_DEVICE;
}

/** What the device keeps, and what it shows to the person. */
export class StartedPairing {
  @ApiProperty({
    example: 'rv_dev_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE',
    description: 'What the device asks for its key with. It never shows this to anybody.',
  })
  deviceCode: string;

  @ApiProperty({ example: 'WDJB-MJHT', description: 'What the device shows, for the person to confirm.' })
  userCode: string;

  @ApiProperty({
    example: 'https://reeve.example.org/pair',
    format: 'uri',
    description: 'A page that says how to confirm the code.',
  })
  verificationUrl: string;

  @ApiProperty({ example: 5, type: 'integer', description: 'Seconds to leave between two questions.' })
  interval: number;

  @ApiProperty({ example: 600, type: 'integer', description: 'Seconds until both codes are worth nothing.' })
  expiresIn: number;
}

export class ClaimPairing {
  @ApiProperty({ description: 'The device code of the start.' })
  @Opaque({ max: LONGEST_TOKEN, example: 'rv_dev_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE' })
  deviceCode: string;
}

export class DecidePairing {
  @ApiProperty({ description: 'The code that the device shows, in any case, with or without the hyphen.' })
  @Text({ max: LONGEST_TYPED_CODE, example: 'WDJB-MJHT' })
  @Satisfies('user_code', 'must be eight letters, such as WDJB-MJHT', isUserCode)
  userCode: string;
}

/** What a person needs to know before they decide. */
export class PairingView extends View(Pairing, [
  'userCode',
  'deviceName',
  'ip',
  'userAgent',
  'status',
  'createdAt',
  'expiresAt',
]) {}

/** A name that turns the direction of writing, or hides letters, would mislead the person who decides. */
function isVisible(value: unknown): boolean {
  return typeof value !== 'string' || (!/\p{Cf}/u.test(value) && value.trim() !== '');
}

function isUserCode(value: unknown): boolean {
  return typeof value !== 'string' || canonicalUserCode(value) !== null;
}
