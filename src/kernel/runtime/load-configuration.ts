import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { ConfigurationFaults, type ConfigurationFault } from './configuration-faults.js';
import { Configuration, type ConfigurationValues } from './configuration.js';
import { type EnvironmentVariables, Environment } from './environment.js';
import { terminalEnvironment, terminalFaults, terminalRoot, terminalUser } from './terminal-settings.js';
import { productionFaults, productionWarnings } from './production-rules.js';
import { Unacceptable } from './variable.js';
import { type VariableName, type VariableValues, VARIABLES } from './variables.js';

/**
 * Reads the settings once. Throws ConfigurationFaults with everything that is wrong, not just the first of it.
 *
 * @param directory the working directory: home of `.env` and of relative paths
 * @param runtimeFlags the flags Node itself was started with
 * @param userId of the account the process runs as; undefined where there are none
 */
export function loadConfiguration(
  variables: EnvironmentVariables = process.env,
  directory: string = process.cwd(),
  runtimeFlags: readonly string[] = process.execArgv,
  userId: number | undefined = process.getuid?.(),
): Configuration {
  const faults: ConfigurationFault[] = [];
  const environment = new Environment(variables, directory, faults);
  environment.refuseUnknownNames();
  const { values, set } = parseAll(environment, faults);
  faults.push(...contradictions(values), ...terminalFaults(values, directory, userId));
  const configuration = new Configuration({
    ...settingsFrom(values, set, directory),
    terminalRoot: terminalRoot(values, directory),
    terminalUser: terminalUser(values, userId),
    terminalEnvironment: terminalEnvironment(variables),
  });
  faults.push(...productionFaults(configuration, environment, runtimeFlags));
  if (faults.length > 0) throw new ConfigurationFaults(faults);
  return configuration;
}

/** A faulty variable takes its default for the rest of the checks, so that one slip does not hide another. */
function parseAll(
  environment: Environment,
  faults: ConfigurationFault[],
): { values: VariableValues; set: VariableName[] } {
  const set: VariableName[] = [];
  const entries = (Object.keys(VARIABLES) as VariableName[]).map((name) => {
    const text = environment.textOf(name);
    if (text === undefined) return [name, VARIABLES[name].fallback];
    set.push(name);
    try {
      return [name, VARIABLES[name].parse(text)];
    } catch (error) {
      if (!(error instanceof Unacceptable)) throw error;
      faults.push({ variable: name, problem: error.message, remedy: `Write ${VARIABLES[name].accepts}.` });
      return [name, VARIABLES[name].fallback];
    }
  });
  // Each entry was parsed by the variable of its own name.
  return { values: Object.fromEntries(entries) as VariableValues, set };
}

/** What no single variable can know about itself. */
function contradictions(values: VariableValues): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const refuse = (variable: VariableName, problem: string, remedy: string): void => {
    faults.push({ variable, problem, remedy });
  };
  if (values.REEVE_MIGRATION_DATABASE_URL !== undefined && values.DATABASE_URL === undefined)
    refuse('REEVE_MIGRATION_DATABASE_URL', 'is set without DATABASE_URL', 'Set both, or neither.');
  if (values.REEVE_ADMIN_EMAIL !== undefined && values.REEVE_ADMIN_PASSWORD === undefined)
    refuse('REEVE_ADMIN_EMAIL', 'is set without REEVE_ADMIN_PASSWORD', 'Set both, or neither.');
  if (values.REEVE_ADMIN_PASSWORD !== undefined && values.REEVE_ADMIN_EMAIL === undefined)
    refuse('REEVE_ADMIN_PASSWORD', 'is set without REEVE_ADMIN_EMAIL', 'Set both, or neither.');
  const adminPassword = values.REEVE_ADMIN_PASSWORD?.reveal().normalize('NFKC');
  if (adminPassword !== undefined && [...adminPassword].length < values.REEVE_PASSWORD_MIN_LENGTH)
    refuse(
      'REEVE_ADMIN_PASSWORD',
      `is shorter than ${values.REEVE_PASSWORD_MIN_LENGTH} characters`,
      'Choose a longer one.',
    );
  if (values.REEVE_ACCEPT_LEGACY_TOKENS && values.REEVE_LEGACY_JWT_SECRET === undefined)
    refuse(
      'REEVE_LEGACY_JWT_SECRET',
      'is missing while REEVE_ACCEPT_LEGACY_TOKENS is true',
      `Write ${VARIABLES.REEVE_LEGACY_JWT_SECRET.accepts}.`,
    );
  if (values.REEVE_REFRESH_IDLE > values.REEVE_REFRESH_TTL)
    refuse(
      'REEVE_REFRESH_IDLE',
      'is longer than REEVE_REFRESH_TTL',
      'Write at most the value of REEVE_REFRESH_TTL.',
    );
  if (values.REEVE_SECRET_KEY !== undefined && /[,\s]/.test(values.REEVE_SECRET_KEY.reveal()))
    refuse(
      'REEVE_SECRET_KEY',
      'contains a comma or white space',
      'Leave them out: REEVE_SECRET_KEY_PREVIOUS separates keys by them.',
    );
  return faults;
}

function settingsFrom(
  values: VariableValues,
  set: readonly VariableName[],
  directory: string,
): Omit<ConfigurationValues, 'terminalRoot' | 'terminalUser' | 'terminalEnvironment'> {
  return {
    nodeEnv: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.REEVE_PUBLIC_URL ?? ownUrl(values.HOST, values.PORT),
    role: values.REEVE_ROLE,
    databaseUrl: values.DATABASE_URL,
    migrationDatabaseUrl: values.REEVE_MIGRATION_DATABASE_URL,
    dbPoolSize: values.REEVE_DB_POOL_SIZE,
    dataDir: resolve(directory, values.REEVE_DATA_DIR),
    secretKey: values.REEVE_SECRET_KEY,
    secretKeysPrevious: values.REEVE_SECRET_KEY_PREVIOUS,
    adminEmail: values.REEVE_ADMIN_EMAIL,
    adminPassword: values.REEVE_ADMIN_PASSWORD,
    registration: values.REEVE_REGISTRATION,
    registrationDomains: values.REEVE_REGISTRATION_DOMAINS,
    acceptLegacyTokens: values.REEVE_ACCEPT_LEGACY_TOKENS,
    legacyJwtSecret: values.REEVE_LEGACY_JWT_SECRET,
    rate: {
      anonymous: values.REEVE_RATE_ANONYMOUS,
      auth: values.REEVE_RATE_AUTH,
      principal: values.REEVE_RATE_PRINCIPAL,
      export: values.REEVE_RATE_EXPORT,
    },
    corsOrigins: values.REEVE_CORS_ORIGINS,
    trustedProxies: values.REEVE_TRUSTED_PROXIES,
    accessTtlSeconds: values.REEVE_ACCESS_TTL,
    refreshTtlSeconds: values.REEVE_REFRESH_TTL,
    refreshIdleSeconds: values.REEVE_REFRESH_IDLE,
    refreshGraceSeconds: values.REEVE_REFRESH_GRACE,
    sessionCap: values.REEVE_SESSION_CAP,
    passwordMinLength: values.REEVE_PASSWORD_MIN_LENGTH,
    argon2: { memoryKib: values.REEVE_ARGON2_MEMORY_KIB, iterations: values.REEVE_ARGON2_ITERATIONS },
    breachApiUrl: values.REEVE_BREACH_API_URL,
    hashQueue: values.REEVE_HASH_QUEUE,
    smtpUrl: values.REEVE_SMTP_URL,
    mailFrom: values.REEVE_MAIL_FROM,
    auditAnchor:
      values.REEVE_AUDIT_ANCHOR === undefined ? undefined : resolve(directory, values.REEVE_AUDIT_ANCHOR),
    approvalTtlSeconds: values.REEVE_APPROVAL_TTL,
    auditStdout: values.REEVE_AUDIT_STDOUT,
    auditSyslog: values.REEVE_AUDIT_SYSLOG,
    auditRetentionDays: values.REEVE_AUDIT_RETENTION_DAYS,
    auditSegments: resolve(
      directory,
      values.REEVE_AUDIT_SEGMENTS ?? join(values.REEVE_DATA_DIR, 'audit-segments'),
    ),
    logLevel: values.REEVE_LOG_LEVEL,
    metricsToken: values.REEVE_METRICS_TOKEN,
    docs: values.REEVE_DOCS ?? values.NODE_ENV !== 'production',
    withoutEffect: set.filter((name) => VARIABLES[name].isWithoutEffect),
    warnings: productionWarnings(values),
  };
}

/** Where a person on this machine finds the service. */
function ownUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
