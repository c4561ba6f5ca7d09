import { Global, Module } from '@nestjs/common';
import { DatabaseModule } from '../database/index.js';
import { SettingsStore } from './settings-store.js';
import { Tenant } from './tenant.entity.js';
import { Tenants } from './tenants.repository.js';
import { TenantSettings } from './tenant-settings.entity.js';

@Global()
@Module({
  imports: [DatabaseModule.entities([Tenant, TenantSettings])],
  providers: [SettingsStore, Tenants],
  exports: [SettingsStore, Tenants],
})
export class SettingsStoreModule {}
