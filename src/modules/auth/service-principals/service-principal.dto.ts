import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { View } from '../../../kernel/http/index.js';
import { ServicePrincipal } from './service-principal.entity.js';

const OPTIONAL = ['description', 'isActive', 'isTerminalAuthorized', 'isServerTerminalAuthorized'] as const;

/** A new service. Giving it a terminal flag needs step-up. */
export class CreateServicePrincipal extends IntersectionType(
  PickType(ServicePrincipal, ['name']),
  PartialType(PickType(ServicePrincipal, OPTIONAL), { skipNullProperties: false }),
) {}

/** What to change; the rest stays. Changing a terminal flag needs step-up. */
export class ChangeServicePrincipal extends PartialType(PickType(ServicePrincipal, ['name', ...OPTIONAL]), {
  skipNullProperties: false,
}) {}

export class ServicePrincipalView extends View(ServicePrincipal, [
  'id',
  'name',
  'description',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
  'createdBy',
  'createdAt',
  'updatedAt',
  'version',
]) {}
