import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuthenticatorRegistry } from '../../../kernel/access/index.js';
import { Configuration } from '../../../kernel/runtime/index.js';
import { AccessTokenAuthenticator } from '../access-tokens/access-token.authenticator.js';
import { ImpersonationAuthenticator } from '../impersonation/impersonation.authenticator.js';
import { LegacyTokenAuthenticator } from './legacy-token.authenticator.js';

/** Makes the kinds of JWT known that are accepted; access tokens last, since they take every JWT that is left. */
@Injectable()
export class TokenKinds implements OnModuleInit {
  constructor(
    private readonly registry: AuthenticatorRegistry,
    private readonly configuration: Configuration,
    private readonly impersonations: ImpersonationAuthenticator,
    private readonly accessTokens: AccessTokenAuthenticator,
    private readonly legacyTokens: LegacyTokenAuthenticator,
  ) {}

  onModuleInit(): void {
    if (this.configuration.acceptLegacyTokens) this.registry.register(this.legacyTokens);
    this.registry.register(this.impersonations);
    this.registry.register(this.accessTokens);
  }
}
