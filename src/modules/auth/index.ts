export { AuthModule } from './auth.module.js';
export { type SetupLink, SetupService } from './setup/setup.service.js';
export { AdminAccounts } from './setup/admin-accounts.js';
export { SessionRevoked } from './sessions/sessions.events.js';
export { SigningKeys } from './signing-keys/signing-keys.js';
