import { ApiProperty } from '@nestjs/swagger';
import type { JsonValue } from '../../kernel/problem/index.js';
import type { EffectiveSettings } from '../../kernel/settings/index.js';

const EXAMPLE = { 'sessions.cap': 10, 'rate.principal': null };

/** The settings of the tenant, those that nobody has set with their defaults. */
export class SettingsView implements EffectiveSettings {
  /** Counts the changes; also the ETag. */
  @ApiProperty({ example: 3 })
  version: number;

  /** Every setting by its key. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: EXAMPLE })
  values: Record<string, JsonValue>;
}

/** For the API documentation of `PATCH /settings`: the new values by key. */
export const settingsChanges = {
  schema: {
    type: 'object' as const,
    additionalProperties: true,
    description: 'The settings to change, by key. Null puts a setting back to its default.',
    example: { 'sessions.cap': 5 },
  },
};
