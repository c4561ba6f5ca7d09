import { fact } from '../../../kernel/events/index.js';
import type { OwnerScope, RuleEffect } from './terminal-rule.entity.js';

export interface RuleDetail {
  effect: RuleEffect;
  ownerScope: OwnerScope;
  ownerId: string | null;
  pattern: string;
}

const detail = {
  effect: { type: 'string', enum: ['allow', 'block'] },
  ownerScope: { type: 'string', enum: ['user', 'department', 'gateway', 'global'] },
  ownerId: { type: ['string', 'null'], format: 'uuid' },
  pattern: { type: 'string' },
} as const;
const example: RuleDetail = {
  effect: 'block',
  ownerScope: 'global',
  ownerId: null,
  pattern: 'terraform destroy',
};
const resourceType = 'terminal_rule';

export class RuleCreated extends fact<RuleDetail>({
  action: 'terminal_rule.create',
  resourceType,
  summary: 'A rule that commands are judged by was written.',
  public: true,
  detail,
  example,
}) {}

export class RuleDeleted extends fact<RuleDetail>({
  action: 'terminal_rule.delete',
  resourceType,
  summary: 'A rule that commands are judged by was deleted.',
  public: true,
  detail,
  example,
}) {}
