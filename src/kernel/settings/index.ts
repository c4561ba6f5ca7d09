export { defineIntegerSetting, defineSetting, type Setting, settingCatalogue } from './setting.js';
export { type EffectiveSettings, SettingsStore } from './settings-store.js';
export { SettingsStoreModule } from './settings-store.module.js';
export { Tenant } from './tenant.entity.js';
export { Tenants } from './tenants.repository.js';
export { ratePrincipal, sessionsCap } from './tenant-settings.js';
