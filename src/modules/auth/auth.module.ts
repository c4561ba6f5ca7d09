import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../kernel/database/index.js';
import { AccessTokenAuthenticator } from './access-tokens/access-token.authenticator.js';
import { AccessTokenStrategy } from './access-tokens/access-token.strategy.js';
import { AccessTokens } from './access-tokens/access-tokens.js';
import { SessionStates } from './access-tokens/session-states.js';
import './auth.permissions.js';
import { AuthMeta } from './legacy/auth-meta.entity.js';
import { AuthMetaRepository } from './legacy/auth-meta.repository.js';
import { LegacyTokenAuthenticator } from './legacy/legacy-token.authenticator.js';
import { LegacyTokenStrategy } from './legacy/legacy-token.strategy.js';
import { LegacyUsers } from './legacy/legacy-users.js';
import { LegacyUsersRepository } from './legacy/legacy-users.repository.js';
import { SchemaController } from './legacy/schema.controller.js';
import { TokenKinds } from './legacy/token-kinds.js';
import { LegacyUserSession } from './legacy/user-session.entity.js';
import { Lockout } from './lockout/lockout.js';
import { LockoutSchedule } from './lockout/lockout.schedule.js';
import { LoginThrottle } from './lockout/login-throttle.entity.js';
import { LoginThrottlesRepository } from './lockout/login-throttles.repository.js';
import { FailedLogins } from './login/failed-logins.js';
import { Login } from './login/login.js';
import { LoginController } from './login/login.controller.js';
import { LoginMetrics } from './login/login-metrics.js';
import { OlderPasswords } from './login/older-passwords.js';
import { PasswordChecks } from './login/password-checks.js';
import { PasswordProof } from './login/password-proof.js';
import { Reauthentication } from './login/reauthentication.js';
import { SignInRepository } from './login/sign-in.repository.js';
import { Me } from './me/me.js';
import { MeController } from './me/me.controller.js';
import { PasswordsModule } from './passwords/passwords.module.js';
import { OwnSessionsController } from './sessions/own-sessions.controller.js';
import { Refreshing } from './sessions/refreshing.js';
import { SessionDirectory } from './sessions/session-directory.js';
import { SessionEndings } from './sessions/session-endings.js';
import { Session } from './sessions/session.entity.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsSchedule } from './sessions/sessions.schedule.js';
import { Sessions } from './sessions/sessions.js';
import './sessions/sessions.permissions.js';
import { JwksController } from './signing-keys/jwks.controller.js';
import { KeySet } from './signing-keys/key-set.js';
import { StoredSigningKey } from './signing-keys/signing-key.entity.js';
import { SigningKeys } from './signing-keys/signing-keys.js';
import { SigningKeysRepository } from './signing-keys/signing-keys.repository.js';
import { SigningKeysSchedule } from './signing-keys/signing-keys.schedule.js';
import { SigningKeysStart } from './signing-keys/signing-keys-start.js';
import { ApiKeyAuthenticator } from './api-keys/api-key.authenticator.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeys } from './api-keys/api-keys.js';
import { KeyUses } from './api-keys/key-uses.js';
import { ImpersonationAuthenticator } from './impersonation/impersonation.authenticator.js';
import { ImpersonationDirectory } from './impersonation/impersonation-directory.js';
import { ImpersonationEndings } from './impersonation/impersonation-endings.js';
import { Impersonation } from './impersonation/impersonation.entity.js';
import { ImpersonationStart } from './impersonation/impersonation-start.js';
import { ImpersonationStates } from './impersonation/impersonation-states.js';
import { ImpersonationsController } from './impersonation/impersonations.controller.js';
import { ImpersonationsRepository } from './impersonation/impersonations.repository.js';
import { ImpersonationsSchedule } from './impersonation/impersonations.schedule.js';
import { InviteAcceptance } from './invites/invite-acceptance.js';
import { InvitesController } from './invites/invites.controller.js';
import { InvitesService } from './invites/invites.service.js';
import { OneTimeToken } from './one-time-tokens/one-time-token.entity.js';
import { OneTimeTokens } from './one-time-tokens/one-time-tokens.js';
import { OneTimeTokensRepository } from './one-time-tokens/one-time-tokens.repository.js';
import { OneTimeTokensSchedule } from './one-time-tokens/one-time-tokens.schedule.js';
import { ForgottenPasswords } from './password-flows/forgotten-passwords.js';
import { NewPasswords } from './password-flows/new-passwords.js';
import { PasswordChange } from './password-flows/password-change.js';
import { PasswordController } from './password-flows/password.controller.js';
import { PasswordResets } from './password-flows/password-resets.js';
import { DevicePairing } from './pairing/device-pairing.js';
import { PairedKeys } from './pairing/paired-keys.js';
import { PairingController } from './pairing/pairing.controller.js';
import { PairingDecisions } from './pairing/pairing-decisions.js';
import { Pairing } from './pairing/pairing.entity.js';
import { PairingPageController } from './pairing/pairing-page.controller.js';
import { PairingsRepository } from './pairing/pairings.repository.js';
import { PairingsSchedule } from './pairing/pairings.schedule.js';
import { EmailVerification } from './registration/email-verification.js';
import { RegistrationController } from './registration/registration.controller.js';
import { RegistrationJob } from './registration/registration-job.js';
import { RegistrationSchedule } from './registration/registration.schedule.js';
import { RegistrationService } from './registration/registration.service.js';
import { ServiceKeys } from './service-principals/service-keys.js';
import { ServiceKeysController } from './service-principals/service-keys.controller.js';
import { ServicePrincipal } from './service-principals/service-principal.entity.js';
import { ServicePrincipalsController } from './service-principals/service-principals.controller.js';
import { ServicePrincipalsRepository } from './service-principals/service-principals.repository.js';
import { ServicePrincipalsService } from './service-principals/service-principals.service.js';
import { AdminAccounts } from './setup/admin-accounts.js';
import { FirstAdminSetup } from './setup/first-admin.js';
import { SetupController } from './setup/setup.controller.js';
import { SetupService } from './setup/setup.service.js';
import { SetupTokens } from './setup/setup-tokens.js';
import { Ranks } from './users/ranks.js';
import { UserChanges } from './users/user-changes.js';
import { UserDirectory } from './users/user-directory.js';
import { UserRemoval } from './users/user-removal.js';
import { UsersController } from './users/users.controller.js';
import { User } from './users/user.entity.js';
import { UsersRepository } from './users/users.repository.js';

/** Proves who is calling, and keeps that proof revocable at once. What a caller may do is decided elsewhere. */
@Module({
  imports: [
    PasswordsModule,
    DatabaseModule.entities([
      ApiKey,
      AuthMeta,
      Impersonation,
      LegacyUserSession,
      LoginThrottle,
      OneTimeToken,
      Pairing,
      ServicePrincipal,
      Session,
      StoredSigningKey,
      User,
    ]),
  ],
  controllers: [
    SetupController,
    RegistrationController,
    InvitesController,
    LoginController,
    PasswordController,
    MeController,
    OwnSessionsController,
    ApiKeysController,
    SessionsController,
    ImpersonationsController,
    UsersController,
    ServicePrincipalsController,
    ServiceKeysController,
    SchemaController,
    JwksController,
    PairingController,
    PairingPageController,
  ],
  providers: [
    KeySet,
    SigningKeys,
    SigningKeysRepository,
    SigningKeysSchedule,
    SigningKeysStart,

    AccessTokenAuthenticator,
    AccessTokenStrategy,
    AccessTokens,
    SessionStates,
    TokenKinds,

    FailedLogins,
    Login,
    LoginMetrics,
    Lockout,
    LockoutSchedule,
    LoginThrottlesRepository,
    OlderPasswords,
    PasswordChecks,
    PasswordProof,
    Reauthentication,
    SignInRepository,

    Refreshing,
    SessionDirectory,
    SessionEndings,
    Sessions,
    SessionsRepository,
    SessionsSchedule,

    ImpersonationAuthenticator,
    ImpersonationDirectory,
    ImpersonationEndings,
    ImpersonationsRepository,
    ImpersonationsSchedule,
    ImpersonationStart,
    ImpersonationStates,

    Me,

    AuthMetaRepository,
    LegacyTokenAuthenticator,
    LegacyTokenStrategy,
    LegacyUsers,
    LegacyUsersRepository,

    Ranks,
    UserChanges,
    UserDirectory,
    UserRemoval,
    UsersRepository,

    InviteAcceptance,
    InvitesService,

    OneTimeTokens,
    OneTimeTokensRepository,
    OneTimeTokensSchedule,

    EmailVerification,
    RegistrationJob,
    RegistrationSchedule,
    RegistrationService,

    ForgottenPasswords,
    NewPasswords,
    PasswordChange,
    PasswordResets,

    AdminAccounts,
    FirstAdminSetup,
    SetupService,
    SetupTokens,

    ServiceKeys,
    ServicePrincipalsRepository,
    ServicePrincipalsService,

    ApiKeyAuthenticator,
    ApiKeys,
    ApiKeysRepository,
    KeyUses,

    DevicePairing,
    PairedKeys,
    PairingDecisions,
    PairingsRepository,
    PairingsSchedule,
  ],
})
export class AuthModule {}
