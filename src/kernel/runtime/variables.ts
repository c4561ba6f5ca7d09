import {
  addressBlocks,
  baseUrl,
  choice,
  connectionUrl,
  email,
  flag,
  integer,
  listenAddress,
  mailbox,
  mailDomains,
  name,
  names,
  origins,
  path,
  secret,
  secretList,
  type Variable,
  withoutEffect,
} from './variable.js';
import { syslogTarget } from './syslog-target.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const GENERATED_KEY = 'at least 32 random characters, for example from: openssl rand -base64 32';

/**
 * Every variable the service knows. `.env.example` and docs/operations.md explain the same list to people; a test
 * holds the three together.
 */
export const VARIABLES = {
  NODE_ENV: choice('development', ['development', 'test', 'production']),
  PORT: integer(3000, 0, 65535),
  HOST: listenAddress('127.0.0.1'),
  REEVE_PUBLIC_URL: baseUrl(),
  REEVE_ROLE: choice('all', ['all', 'api', 'worker']),

  DATABASE_URL: connectionUrl('postgres', 'postgresql'),
  REEVE_MIGRATION_DATABASE_URL: connectionUrl('postgres', 'postgresql'),
  REEVE_DB_POOL_SIZE: integer(20, 2, 500),
  REEVE_DATA_DIR: path('./data'),

  REEVE_SECRET_KEY: secret(GENERATED_KEY),
  REEVE_SECRET_KEY_PREVIOUS: secretList('the former value of REEVE_SECRET_KEY; several with commas between'),
  REEVE_ADMIN_EMAIL: email(),
  REEVE_ADMIN_PASSWORD: secret('a password that the password rules accept'),

  REEVE_REGISTRATION: choice('closed', ['closed', 'open']),
  REEVE_REGISTRATION_DOMAINS: mailDomains(),
  REEVE_ACCEPT_LEGACY_TOKENS: flag(false),
  REEVE_LEGACY_JWT_SECRET: secret('the secret that signed the imported tokens'),

  REEVE_RATE_ANONYMOUS: integer(1200, 1, 10_000_000),
  REEVE_RATE_AUTH: integer(600, 1, 10_000_000),
  REEVE_RATE_PRINCIPAL: integer(6000, 1, 10_000_000),
  REEVE_RATE_EXPORT: integer(10, 1, 10_000),
  REEVE_CORS_ORIGINS: origins(),
  REEVE_TRUSTED_PROXIES: addressBlocks(),

  REEVE_ACCESS_TTL: integer(900, 30, HOUR),
  REEVE_REFRESH_TTL: integer(30 * DAY, 60, 365 * DAY),
  REEVE_REFRESH_IDLE: integer(14 * DAY, 60, 365 * DAY),
  REEVE_REFRESH_GRACE: integer(30, 0, 30),
  REEVE_SESSION_CAP: integer(10, 1, 1000),

  REEVE_PASSWORD_MIN_LENGTH: integer(12, 12, 64),
  REEVE_ARGON2_MEMORY_KIB: integer(47_104, 47_104, 4_194_304),
  REEVE_ARGON2_ITERATIONS: integer(1, 1, 10),
  REEVE_BREACH_API_URL: baseUrl(),
  REEVE_HASH_QUEUE: integer(1000, 1, 100_000),

  REEVE_SMTP_URL: connectionUrl('smtp', 'smtps'),
  REEVE_MAIL_FROM: mailbox('Reeve <reeve@localhost>'),

  REEVE_AUDIT_ANCHOR: path(undefined),
  REEVE_SERVER_TERMINAL: flag(false),
  REEVE_TERMINAL_ROOT: path(undefined),
  REEVE_TERMINAL_UID: integer(undefined, 0, 4_294_967_294),
  REEVE_TERMINAL_GID: integer(undefined, 0, 4_294_967_294),
  REEVE_TERMINAL_ALLOW_ROOT: flag(false),
  REEVE_APPROVAL_TTL: integer(300, 30, DAY),
  REEVE_AUDIT_STDOUT: flag(false),
  REEVE_AUDIT_SYSLOG: syslogTarget(),
  REEVE_AUDIT_RETENTION_DAYS: integer(undefined, 1, 36_500),
  REEVE_AUDIT_SEGMENTS: path(undefined),

  REEVE_LOG_LEVEL: choice('info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  REEVE_METRICS_TOKEN: secret('at least 16 random characters, for example from: openssl rand -hex 24', 16),
  REEVE_DOCS: flag(undefined),

  REDIS_URL: withoutEffect(connectionUrl('redis', 'rediss')),
  REEVE_OUTBOUND_ALLOW_CIDRS: withoutEffect(addressBlocks()),
  REEVE_OUTBOUND_ALLOW_HTTP: withoutEffect(flag(false)),
  REEVE_DELEGATION_MAX_TTL: withoutEffect(integer(DAY, 60, 30 * DAY)),
  REEVE_DELEGATION_MAX_DEPTH: withoutEffect(integer(3, 1, 10)),
  REEVE_CAPABILITIES: withoutEffect(names()),
  REEVE_KEYCLOAK_URL: withoutEffect(baseUrl()),
  REEVE_KEYCLOAK_REALM: withoutEffect(name()),
  REEVE_KEYCLOAK_CLIENT_ID: withoutEffect(name()),
  REEVE_KEYCLOAK_CLIENT_SECRET: withoutEffect(secret('the secret of the Keycloak client')),
  REEVE_BROKER_URL: withoutEffect(baseUrl()),
  REEVE_BROKER_TOKEN: withoutEffect(secret('the token of the broker')),
  REEVE_CHRONICLE_URL: withoutEffect(baseUrl()),
  REEVE_CHRONICLE_TOKEN: withoutEffect(secret('the token of the chronicle')),
} as const satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof VARIABLES;

/** What each variable holds once it is parsed. */
export type VariableValues = {
  readonly [Name in VariableName]: (typeof VARIABLES)[Name] extends Variable<infer T> ? T : never;
};

export function isVariableName(text: string): text is VariableName {
  return Object.hasOwn(VARIABLES, text);
}
