export { AuthModule } from './auth.module.js';
export { type SetupLink, SetupService } from './setup/setup.service.js';
export { SessionRevoked } from './sessions/sessions.events.js';
