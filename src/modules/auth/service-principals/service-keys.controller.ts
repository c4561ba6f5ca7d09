import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type AccessScope, Authenticated, CurrentPrincipal, Scope } from '../../../kernel/access/index.js';
import {
  Created,
  NoContent,
  Ok,
  type Page,
  PageOf,
  PageQuery,
  PathId,
  Problems,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import {
  ApiKeyView,
  CreateApiKey,
  createApiKeyExamples,
  NewApiKeyView,
  RotateApiKey,
} from '../api-keys/api-key.dto.js';
import { KeyNotActive } from '../api-keys/api-key.errors.js';
import { TargetOutranksCaller } from '../users/user.errors.js';
import { ServiceKeys } from './service-keys.js';

@ApiTags('Service principals')
@Controller('service-principals/:serviceId/keys')
@Authenticated({ permission: 'service.write', impersonation: false })
export class ServiceKeysController {
  constructor(private readonly keys: ServiceKeys) {}

  /** Lists the keys of a service principal, newest first, those that have ended included. */
  @Get()
  @Authenticated({ permission: 'service.read' })
  @Ok(PageOf(ApiKeyView))
  @Problems(NotFound)
  list(
    @PathId('serviceId') serviceId: string,
    @Query() query: PageQuery,
    @Scope() scope: AccessScope,
  ): Promise<Page<ApiKeyView>> {
    return this.keys.page(serviceId, query, scope);
  }

  /** Creates a key for a service principal. The key is shown in this answer only. */
  @Post()
  @ApiBody({ type: CreateApiKey, examples: createApiKeyExamples })
  @Authenticated({ permission: 'service.write', sensitive: true, credentials: ['session'] })
  @Created(NewApiKeyView, '/api/v1/service-principals/:serviceId/keys/:id')
  @Problems(NotFound, TargetOutranksCaller)
  create(
    @PathId('serviceId') serviceId: string,
    @Body() body: CreateApiKey,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NewApiKeyView> {
    return this.keys.create(serviceId, body, principal);
  }

  /** Shows a key of a service principal, without its secret. */
  @Get(':keyId')
  @Authenticated({ permission: 'service.read' })
  @Ok(ApiKeyView)
  @Problems(NotFound)
  get(
    @PathId('serviceId') serviceId: string,
    @PathId('keyId') keyId: string,
    @Scope() scope: AccessScope,
  ): Promise<ApiKeyView> {
    return this.keys.view(serviceId, keyId, scope);
  }

  /** Replaces a key of a service principal by a new one; the old one works on for the overlap. */
  @Post(':keyId/rotate')
  @Authenticated({ permission: 'service.write', sensitive: true, credentials: ['session'] })
  @Created(NewApiKeyView, '/api/v1/service-principals/:serviceId/keys/:id')
  @Problems(NotFound, KeyNotActive, TargetOutranksCaller)
  rotate(
    @PathId('serviceId') serviceId: string,
    @PathId('keyId') keyId: string,
    @Body() body: RotateApiKey,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NewApiKeyView> {
    return this.keys.rotate(serviceId, keyId, body, principal);
  }

  /** Revokes a key of a service principal at once. */
  @Delete(':keyId')
  @NoContent()
  @Problems(NotFound)
  revoke(
    @PathId('serviceId') serviceId: string,
    @PathId('keyId') keyId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.keys.revoke(serviceId, keyId, principal);
  }
}
