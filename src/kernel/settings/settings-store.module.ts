import { Global, Module } from '@nestjs/common';
import { DatabaseModule } from '../database/index.js';
import { SettingsStore } from './settings-store.js';
import { Tenant } from './tenant.entity.js';
import { TenantSettings } from './tenant-settings.entity.js';

@Global()
@Module({
  imports: [DatabaseModule.entities([Tenant, TenantSettings])],
  providers: [SettingsStore],
  exports: [SettingsStore],
})
export class SettingsStoreModule {}
