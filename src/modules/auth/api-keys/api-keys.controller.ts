import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../../kernel/access/index.js';
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
} from './api-key.dto.js';
import { KeyNotActive } from './api-key.errors.js';
import { ApiKeys } from './api-keys.js';
import type { KeyOwner } from './api-keys.repository.js';

/** The signed-in user's own keys. A key cannot reach them: it could make itself a successor that outlives its revocation. */
@ApiTags('API keys')
@Controller('auth/api-keys')
@Authenticated({ credentials: ['session'] })
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** Lists your API keys, newest first, those that have ended included. */
  @Get()
  @Ok(PageOf(ApiKeyView))
  list(@Query() query: PageQuery, @CurrentPrincipal() principal: Principal): Promise<Page<ApiKeyView>> {
    return this.keys.page(query, ownerOf(principal));
  }

  /** Creates an API key for yourself. The key is shown in this answer only. */
  @Post()
  @ApiBody({ type: CreateApiKey, examples: createApiKeyExamples })
  @Authenticated({ credentials: ['session'], sensitive: true })
  @Created(NewApiKeyView)
  create(@Body() body: CreateApiKey, @CurrentPrincipal() principal: Principal): Promise<NewApiKeyView> {
    return this.keys.create(body, ownerOf(principal), principal);
  }

  /** Shows one of your API keys, without its secret. */
  @Get(':id')
  @Ok(ApiKeyView)
  @Problems(NotFound)
  get(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<ApiKeyView> {
    return this.keys.view(id, ownerOf(principal));
  }

  /** Replaces an API key by a new one; the old one works on for the overlap. */
  @Post(':id/rotate')
  @Authenticated({ credentials: ['session'], sensitive: true })
  @Created(NewApiKeyView, '/api/v1/auth/api-keys/:id')
  @Problems(NotFound, KeyNotActive)
  rotate(
    @PathId() id: string,
    @Body() body: RotateApiKey,
    @CurrentPrincipal() principal: Principal,
  ): Promise<NewApiKeyView> {
    return this.keys.rotate(id, body, ownerOf(principal), principal);
  }

  /** Revokes an API key at once. */
  @Delete(':id')
  @Authenticated({ credentials: ['session'], impersonation: false })
  @NoContent()
  @Problems(NotFound)
  revoke(@PathId() id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.keys.revoke(id, ownerOf(principal));
  }
}

/** Only users have sessions, and only sessions come here. */
function ownerOf({ id, tenantId }: Principal): KeyOwner {
  return { kind: 'user', id, tenantId };
}
