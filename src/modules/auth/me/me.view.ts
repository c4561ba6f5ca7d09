import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { View } from '../../../kernel/http/index.js';
import type { PrincipalKind } from '../../../kernel/operation/index.js';
import { ServicePrincipal } from '../service-principals/service-principal.entity.js';
import { SessionView } from '../sessions/session.view.js';
import { User } from '../users/user.entity.js';

const KINDS: readonly PrincipalKind[] = ['user', 'service', 'agent', 'system'];

/** Whoever acts. */
export class PrincipalView {
  @ApiProperty({ enum: KINDS, example: 'user' })
  kind: PrincipalKind;

  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c11' })
  id: string;

  /** Readable, for people. */
  @ApiProperty({ example: 'Ada.Lovelace' })
  name: string;
}

/** The account behind the caller. */
export class OwnUserView extends View(User, [
  'id',
  'username',
  'email',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
  'createdAt',
  'updatedAt',
  'lastLoginAt',
  'createdBy',
  'version',
]) {}

/** The service behind the caller. */
export class OwnServiceView extends View(ServicePrincipal, [
  'id',
  'name',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
]) {}

/** A department the caller belongs to. */
export class AffiliationView {
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c99', format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'Research' })
  name: string;
}

/** The impersonation that a request was made with. */
export class OwnImpersonationView {
  @ApiProperty({ example: '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c77', format: 'uuid' })
  id: string;

  /** When it ends at the latest. */
  @ApiProperty({ example: '2026-01-06T08:15:00.000Z' })
  expiresAt: Date;
}

export class MeView {
  @ApiProperty({ type: PrincipalView })
  principal: PrincipalView;

  @ApiPropertyOptional({ type: OwnUserView, description: 'The account, when the caller is a user.' })
  user?: OwnUserView;

  @ApiPropertyOptional({
    type: OwnServiceView,
    description: 'The service principal, when the caller is one.',
  })
  service?: OwnServiceView;

  @ApiProperty({ example: '00000000-0000-7000-8000-000000000001', format: 'uuid' })
  tenantId: string;

  @ApiProperty({
    type: [String],
    example: ['member'],
    description: 'Roles held everywhere, the strongest first.',
  })
  roles: string[];

  @ApiProperty({
    type: [String],
    example: ['user.read'],
    description: 'What the caller may do with this credential: an API key may have less than its owner.',
  })
  permissions: string[];

  @ApiProperty({ type: [AffiliationView], example: [], description: 'Departments the caller belongs to.' })
  departments: AffiliationView[];

  @ApiPropertyOptional({ type: SessionView, description: 'The session, when the request was made with one.' })
  session?: SessionView;

  @ApiPropertyOptional({
    type: PrincipalView,
    description: 'Who acts in the caller’s name, when somebody does.',
  })
  actor?: PrincipalView;

  @ApiPropertyOptional({
    type: OwnImpersonationView,
    description: 'The impersonation, in place of a session, when the request was made with one.',
  })
  impersonation?: OwnImpersonationView;
}
