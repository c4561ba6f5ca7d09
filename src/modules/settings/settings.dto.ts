import { ApiProperty } from '@nestjs/swagger';
import type { JsonValue } from '../../kernel/problem/index.js';
import type { EffectiveSettings } from '../../kernel/settings/index.js';

/** Every setting of the tenant by its key, those that nobody has set with their defaults, and the version beside them. */
export class SettingsView {
  /** Counts the changes; also the ETag. Every other field is a setting, and every key of a setting has a dot. */
  @ApiProperty({ example: 3 })
  version: number;

  /** One of the settings: sessions of a user at a time. The others are fields just like it. */
  @ApiProperty({ type: 'integer', example: 10 })
  'sessions.cap'?: JsonValue;

  [key: string]: JsonValue | undefined;

  static of({ version, values }: EffectiveSettings): SettingsView {
    return { version, ...values };
  }
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
