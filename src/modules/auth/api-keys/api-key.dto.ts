import { ApiProperty } from '@nestjs/swagger';
import {
  Instant,
  ListOf,
  Nullable,
  Optional,
  Satisfies,
  Text,
  View,
  WholeNumber,
} from '../../../kernel/http/index.js';
import { permissionCatalogue } from '../../../kernel/access/index.js';
import { isCidr } from './address-list.js';
import { ApiKey } from './api-key.entity.js';

const MOST_SCOPES = 200;
const MOST_CIDRS = 32;
const LONGEST_OVERLAP_SECONDS = 7 * 24 * 3600;
const DEFAULT_OVERLAP_SECONDS = 24 * 3600;

export class CreateApiKey {
  @ApiProperty({ description: 'What the key is for.', default: '' })
  @Optional()
  @Text({ min: 0, max: 64, example: 'laptop' })
  name?: string;

  @ApiProperty({
    description:
      'Permissions the key is limited to, out of `GET /api/v1/permissions`. Left out or null it may do what its owner may; an empty list permits nothing. It never may more than its owner at the time of use.',
    example: ['user.read'],
  })
  @Optional()
  @Nullable()
  @ListOf({ max: MOST_SCOPES, unique: true })
  @Text({ max: 100, each: true })
  @Satisfies(
    'unknown_permission',
    'must be names of permissions, as GET /api/v1/permissions lists them',
    isPermission,
    { each: true },
  )
  scopes?: string[] | null;

  @ApiProperty({
    description: 'When the key stops working: 90 days from now when left out, 365 days at most.',
  })
  @Optional()
  @Instant()
  expiresAt?: string;

  @ApiProperty({
    description: 'Networks in CIDR notation the key may be used from; everywhere when left out or empty.',
    example: ['203.0.113.0/24'],
  })
  @Optional()
  @ListOf({ max: MOST_CIDRS, unique: true })
  @Text({ max: 64, each: true })
  @Satisfies('cidr', 'must be networks in CIDR notation, such as 203.0.113.0/24', isNetwork, { each: true })
  allowedCidrs?: string[];
}

/** Without what holds only for some: an instant that passes, a network that is not everybody's. */
export const createApiKeyExamples = {
  limited: { summary: 'For reading users only', value: { name: 'laptop', scopes: ['user.read'] } },
  whole: { summary: 'For everything its owner may do', value: { name: 'laptop' } },
};

export class RotateApiKey {
  @ApiProperty({
    description: 'Seconds for which the old key goes on working beside the new one.',
    default: DEFAULT_OVERLAP_SECONDS,
  })
  @Optional()
  @WholeNumber({ min: 0, max: LONGEST_OVERLAP_SECONDS, example: DEFAULT_OVERLAP_SECONDS })
  overlapSeconds: number = DEFAULT_OVERLAP_SECONDS;
}

/** A key without its secret. */
export class ApiKeyView extends View(ApiKey, [
  'id',
  'name',
  'keyPrefix',
  'scopes',
  'allowedCidrs',
  'createdBy',
  'createdAt',
  'lastUsedAt',
  'expiresAt',
  'revokedAt',
  'replacedById',
]) {}

/** The answer to creating or rotating a key: the only time the key itself is shown. */
export class NewApiKeyView extends ApiKeyView {
  @ApiProperty({
    example: 'rv_usr_4fQ8sLw2KpX0aVb7cYd1eZg5hTj9kRm3nUo6qWrStIx_0Ab3dE',
    description: 'Send it as `Authorization: Bearer`. It is shown here and never again.',
  })
  key: string;
}

function isPermission(value: unknown): boolean {
  return typeof value !== 'string' || permissionCatalogue.has(value);
}

function isNetwork(value: unknown): boolean {
  return typeof value !== 'string' || isCidr(value);
}
