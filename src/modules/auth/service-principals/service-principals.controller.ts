import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import {
  Created,
  IfMatch,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PageQuery,
  PathId,
  Problems,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, StepUpRequired, VersionMismatch } from '../../../kernel/problem/index.js';
import {
  ChangeServicePrincipal,
  CreateServicePrincipal,
  ServicePrincipalView,
} from './service-principal.dto.js';
import { ServiceNameTaken } from './service-principal.errors.js';
import { ServicePrincipalsService } from './service-principals.service.js';

@ApiTags('Service principals')
@Controller('service-principals')
@Authenticated({ permission: 'service.write', impersonation: false })
export class ServicePrincipalsController {
  constructor(private readonly services: ServicePrincipalsService) {}

  /** Lists service principals, newest first. */
  @Get()
  @Authenticated({ permission: 'service.read' })
  @Ok(PageOf(ServicePrincipalView))
  list(@Query() query: PageQuery, @Scope() scope: AccessScope): Promise<Page<ServicePrincipalView>> {
    return this.services.page(query, scope);
  }

  /** Creates a service principal. Giving it a terminal flag needs step-up. */
  @Post()
  @Created(ServicePrincipalView)
  @Problems(ServiceNameTaken, StepUpRequired)
  create(
    @Body() body: CreateServicePrincipal,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ServicePrincipalView> {
    return this.services.create(body, principal);
  }

  /** Shows a service principal. */
  @Get(':id')
  @Authenticated({ permission: 'service.read' })
  @Ok(ServicePrincipalView)
  @Problems(NotFound)
  get(@PathId() id: string, @Scope() scope: AccessScope): Promise<ServicePrincipalView> {
    return this.services.view(id, scope);
  }

  /** Changes a service principal. Disabling it stops its keys at once; changing a terminal flag needs step-up. */
  @Patch(':id')
  @Ok(ServicePrincipalView)
  @Problems(NotFound, VersionMismatch, ServiceNameTaken, StepUpRequired)
  change(
    @PathId() id: string,
    @Body() body: ChangeServicePrincipal,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ServicePrincipalView> {
    return this.services.change(id, body, version, principal);
  }

  /** Deletes a service principal and its keys for good. */
  @Delete(':id')
  @NoContent()
  @Problems(NotFound, VersionMismatch)
  delete(
    @PathId() id: string,
    @IfMatch() version: number | null,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.services.delete(id, version, principal);
  }
}
