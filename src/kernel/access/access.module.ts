import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Affiliations } from './affiliations.js';
import { AuthenticatorRegistry } from './authenticator.js';
import { Refusals } from './refusals.js';
import { RouteRules } from './route-rules.js';
import { ScopeValidators } from './scope-validators.js';
import { StandingAccess } from './standing-access.js';
import { StepUp } from './step-up.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    AuthenticatorRegistry,
    RouteRules,
    Refusals,
    StepUp,
    Affiliations,
    ScopeValidators,
    StandingAccess,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
  ],
  exports: [
    AuthenticatorRegistry,
    RouteRules,
    Refusals,
    StepUp,
    StandingAccess,
    Affiliations,
    ScopeValidators,
  ],
})
export class AccessModule {}
