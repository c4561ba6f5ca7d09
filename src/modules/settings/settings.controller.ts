import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal } from '../../kernel/access/index.js';
import { CheckedBy, IfMatch, Ok, Problems, RequireIfMatch } from '../../kernel/http/index.js';
import type { Principal } from '../../kernel/operation/index.js';
import { type JsonValue, ValidationFailed, VersionMismatch } from '../../kernel/problem/index.js';
import { settingsBody } from './settings-body.js';
import { settingsChanges, SettingsView } from './settings.dto.js';
import { settingsPermissions } from './settings.permissions.js';
import { SettingsService } from './settings.service.js';

@ApiTags('Settings')
@Authenticated({ permission: settingsPermissions['settings.write'] })
@Controller('settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  /** Read the settings of the tenant */
  @Get()
  @Ok(SettingsView)
  async read(@CurrentPrincipal() { tenantId }: Principal): Promise<SettingsView> {
    return SettingsView.of(await this.settings.read(tenantId));
  }

  /** Change settings of the tenant */
  @Patch()
  @RequireIfMatch()
  @ApiBody(settingsChanges)
  @Ok(SettingsView)
  @Problems(ValidationFailed, VersionMismatch)
  async change(
    @CurrentPrincipal() { tenantId }: Principal,
    @IfMatch() version: number | null,
    @Body() @CheckedBy(settingsBody) changes: Readonly<Record<string, JsonValue>>,
  ): Promise<SettingsView> {
    return SettingsView.of(await this.settings.change(tenantId, changes, version));
  }
}
