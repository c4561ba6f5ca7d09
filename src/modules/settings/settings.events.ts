import { fact } from '../../kernel/events/index.js';
import type { JsonValue } from '../../kernel/problem/index.js';

export class SettingsUpdated extends fact<{ changes: Record<string, JsonValue> }>({
  action: 'settings.update',
  resourceType: 'settings',
  summary: 'An administrator changed settings of the tenant; null put one back to its default.',
  public: true,
  detail: { changes: { type: 'object', additionalProperties: true } },
  example: { changes: { 'sessions.cap': 5, 'rate.principal': null } },
}) {}
