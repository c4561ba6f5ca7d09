import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Identifier, ListOf, Matching, OneOf, Optional, Satisfies } from '../../../kernel/http/index.js';
import { PermissionName } from '../permissions/permission-name.js';

const MOST_CHECKS = 100;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const ADA = { kind: 'user', id: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' };
const GATEWAY = { kind: 'gateway', id: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77' };

export class PrincipalReference {
  /** Whether it is a user or a service. */
  @OneOf(['user', 'service'])
  kind: 'user' | 'service';

  /** Identifier of the user or the service principal. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  id: string;
}

export class ScopeReference {
  /** Whether it is a gateway or a department. */
  @OneOf(['gateway', 'department'])
  kind: 'gateway' | 'department';

  /** Identifier of the gateway or department. */
  @Identifier({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77' })
  id: string;
}

/** One question. */
export class AccessQuestion {
  @ApiProperty({
    type: PrincipalReference,
    description: 'About whom; the caller when left out.',
    example: ADA,
  })
  @Optional()
  @Satisfies('object', 'must be an object', isObject)
  @ValidateNested()
  @Type(() => PrincipalReference)
  principal?: PrincipalReference;

  @ApiProperty({ description: 'Name of a permission, as GET /api/v1/permissions lists them.' })
  @PermissionName({ example: 'sandbox.write' })
  permission: string;

  @ApiProperty({
    type: ScopeReference,
    description: 'Where; everywhere when left out.',
    example: GATEWAY,
  })
  @Optional()
  @Satisfies('object', 'must be an object', isObject)
  @ValidateNested()
  @Type(() => ScopeReference)
  scope?: ScopeReference;
}

/** One question, or up to 100 of them in `checks`. */
export class CheckAccess {
  @ApiProperty({
    type: PrincipalReference,
    description: 'About whom; the caller when left out.',
    example: ADA,
  })
  @Optional()
  @Satisfies('object', 'must be an object', isObject)
  @ValidateNested()
  @Type(() => PrincipalReference)
  principal?: PrincipalReference;

  @ApiProperty({ description: 'Name of a permission, as GET /api/v1/permissions lists them.' })
  @Optional()
  @PermissionName({ example: 'sandbox.write' })
  permission?: string;

  @ApiProperty({
    type: ScopeReference,
    description: 'Where; everywhere when left out.',
    example: GATEWAY,
  })
  @Optional()
  @Satisfies('object', 'must be an object', isObject)
  @ValidateNested()
  @Type(() => ScopeReference)
  scope?: ScopeReference;

  @ApiProperty({
    type: [AccessQuestion],
    example: [{ permission: 'sandbox.write', scope: GATEWAY }],
    description: 'Several questions at once, in place of the other members; they are answered in this order.',
  })
  @Optional()
  @ListOf({ max: MOST_CHECKS, min: 1 })
  @Satisfies('object', 'must be a list of objects', isObject, { each: true })
  @ValidateNested({ each: true })
  @Type(() => AccessQuestion)
  checks?: AccessQuestion[];
}

export const checkAccessExamples = {
  one: {
    summary: 'One question',
    value: { principal: ADA, permission: 'sandbox.write', scope: GATEWAY },
  },
  several: {
    summary: 'Several questions about oneself',
    value: { checks: [{ permission: 'sandbox.write', scope: GATEWAY }, { permission: 'user.read' }] },
  },
};

/** The answer to one question. */
export class AccessAnswer {
  @ApiProperty({ example: true })
  allowed: boolean;

  /** The binding that decided; null when none did, as for what every member may do. */
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c41',
  })
  decidedBy: string | null;

  /** Why, in one sentence. */
  @ApiProperty({ example: 'The role operator, held everywhere, contains sandbox.write.' })
  because: string;
}

/** The answer to one question, or in `results` to several. */
export class CheckedAccess {
  @ApiProperty({ required: false, example: true, description: 'The answer, when one question was asked.' })
  allowed?: boolean;

  @ApiProperty({
    required: false,
    type: String,
    format: 'uuid',
    nullable: true,
    example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c41',
    description: 'The binding that decided; null when none did, as for what every member may do.',
  })
  decidedBy?: string | null;

  @ApiProperty({ required: false, example: 'The role operator, held everywhere, contains sandbox.write.' })
  because?: string;

  @ApiProperty({
    required: false,
    type: [AccessAnswer],
    description: 'The answers, when `checks` were asked.',
  })
  results?: AccessAnswer[];
}

/** About whom and where, in a query. */
export class EffectiveQuery {
  @ApiProperty({ description: '`user:ID` or `service:ID`; the caller when left out.' })
  @Optional()
  @Matching(new RegExp(`^(user|service):${UUID}$`), 'user:ID or service:ID', {
    max: 44,
    example: 'user:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11',
  })
  principal?: string;

  @ApiProperty({ description: '`gateway:ID`, `department:ID` or `global`; everywhere when left out.' })
  @Optional()
  @Matching(new RegExp(`^(global|(gateway|department):${UUID})$`), 'global, gateway:ID or department:ID', {
    max: 47,
    example: 'gateway:01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77',
  })
  scope?: string;
}

export class ExplainQuery extends EffectiveQuery {
  @ApiProperty({ description: 'Name of a permission, as GET /api/v1/permissions lists them.' })
  @PermissionName({ example: 'sandbox.write' })
  permission: string;
}

/** What one binding meant for the answer. */
export class ConsideredBinding {
  /** Null for the role that everybody has. */
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c41',
  })
  bindingId: string | null;

  @ApiProperty({ enum: ['allow', 'deny'], example: 'allow' })
  effect: 'allow' | 'deny';

  /** Name of the role. */
  @ApiProperty({ example: 'operator' })
  role: string;

  /** Where it counts: `global`, `gateway:ID` or `department:ID`. */
  @ApiProperty({ example: 'global' })
  scope: string;

  /** How it reaches the principal: `own`, `group:ID` or `everybody`. */
  @ApiProperty({ example: 'own' })
  via: string;

  /** Whether this one decided. */
  @ApiProperty({ example: true })
  decisive: boolean;

  /** What it meant for the answer. */
  @ApiProperty({
    example:
      'An own binding gives the role operator everywhere. It contains the permission, and its level decides.',
  })
  because: string;
}

export class ExplainedAccess extends AccessAnswer {
  /** Every binding that bears on the question, those that have ended as well. */
  @ApiProperty({ type: [ConsideredBinding] })
  considered: ConsideredBinding[];
}

export class EffectiveAccess {
  @ApiProperty({ type: PrincipalReference })
  principal: PrincipalReference;

  /** Where: `global`, `gateway:ID` or `department:ID`. */
  @ApiProperty({ example: 'global' })
  scope: string;

  /** Roles held everywhere, also through groups, the most powerful first. */
  @ApiProperty({ type: [String], example: ['operator', 'member'] })
  roles: string[];

  /** What the principal may do there. */
  @ApiProperty({ type: [String], example: ['operation.read', 'sandbox.read'] })
  permissions: string[];
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
