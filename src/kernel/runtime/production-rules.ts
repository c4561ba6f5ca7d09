import { isIP } from 'node:net';
import type { ConfigurationFault } from './configuration-faults.js';
import type { Configuration } from './configuration.js';
import type { Environment } from './environment.js';
import type { Secret } from '../crypto/secret.js';
import type { VariableValues } from './variables.js';
import { weaknessOf } from './weak-secret.js';

/**
 * What is fine on a developer's machine and not where it counts. Each rule names what it protects; docs/operations.md
 * repeats them for operators.
 */
export function productionFaults(
  configuration: Configuration,
  environment: Environment,
  runtimeFlags: readonly string[],
): ConfigurationFault[] {
  if (!configuration.isProduction) return [];
  return [
    ...secretFaults(configuration),
    ...transportFaults(configuration, environment),
    ...exposureFaults(configuration, environment, runtimeFlags),
  ];
}

const OPENSSL = 'Write at least 32 random characters, for example from: openssl rand -base64 32.';

function secretFaults(configuration: Configuration): ConfigurationFault[] {
  const { secretKey, legacyJwtSecret, acceptLegacyTokens, metricsToken, adminPassword } = configuration;
  const faults: ConfigurationFault[] = [];
  if (secretKey === undefined && configuration.databaseUrl !== undefined)
    faults.push({
      variable: 'REEVE_SECRET_KEY',
      // A key generated per machine would leave the replicas unable to read what the others sealed.
      problem: 'is missing; with DATABASE_URL every replica needs the same one',
      remedy: OPENSSL,
    });
  if (secretKey !== undefined) faults.push(...weakness('REEVE_SECRET_KEY', secretKey, 32));
  if (acceptLegacyTokens && legacyJwtSecret !== undefined)
    faults.push(...weakness('REEVE_LEGACY_JWT_SECRET', legacyJwtSecret, 32));
  if (metricsToken !== undefined) faults.push(...weakness('REEVE_METRICS_TOKEN', metricsToken, 16));
  if (adminPassword !== undefined) faults.push(...weakness('REEVE_ADMIN_PASSWORD', adminPassword, 0));
  for (const [variable, url] of databaseUrls(configuration))
    if (/^change-?me$/i.test(decoded(new URL(url.reveal()).password)))
      faults.push({
        variable,
        problem: 'has the password of the examples',
        remedy: 'Choose another password.',
      });
  return faults;
}

function weakness(variable: string, secret: Secret, minBytes: number): ConfigurationFault[] {
  const problem = weaknessOf(secret.reveal(), minBytes);
  const remedy =
    variable === 'REEVE_ADMIN_PASSWORD' ? 'Choose another one.' : OPENSSL.replace('32', String(minBytes));
  return problem === undefined ? [] : [{ variable, problem, remedy }];
}

function transportFaults(configuration: Configuration, environment: Environment): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  if (environment.started('NODE_TLS_REJECT_UNAUTHORIZED') === '0')
    faults.push({
      variable: 'NODE_TLS_REJECT_UNAUTHORIZED',
      problem: 'switches off every check of TLS certificates',
      remedy: 'Remove it; name your own authority with NODE_EXTRA_CA_CERTS instead.',
    });
  for (const [variable, url] of databaseUrls(configuration))
    if (skipsCertificateCheck(url))
      faults.push({
        variable,
        problem: 'encrypts without checking whose certificate it is',
        remedy: 'Write sslmode=verify-full, with sslrootcert= for your own authority.',
      });
  if (configuration.smtpUrl !== undefined && skipsMailCertificateCheck(configuration.smtpUrl))
    faults.push({
      variable: 'REEVE_SMTP_URL',
      problem: 'switches off the check of the certificate',
      remedy: 'Remove tls.rejectUnauthorized; name your own authority with NODE_EXTRA_CA_CERTS.',
    });
  for (const [variable, url] of [
    ['REEVE_PUBLIC_URL', configuration.publicUrl],
    ['REEVE_BREACH_API_URL', configuration.breachApiUrl],
  ] as const)
    if (url !== undefined && url.startsWith('http:') && !isLoopback(new URL(url).hostname))
      faults.push({
        variable,
        problem: 'is not https, so passwords and tokens would travel in the clear',
        remedy: 'Write the https:// address that your balancer serves.',
      });
  return faults;
}

function exposureFaults(
  configuration: Configuration,
  environment: Environment,
  runtimeFlags: readonly string[],
): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  if (configuration.registration === 'open' && configuration.registrationDomains.length === 0)
    faults.push({
      variable: 'REEVE_REGISTRATION_DOMAINS',
      problem: 'is missing while REEVE_REGISTRATION is open, so anybody could register',
      remedy: 'List the mail domains that may, or write REEVE_REGISTRATION=closed.',
    });
  if (configuration.trustedProxies.some((block) => block.endsWith('/0')))
    faults.push({
      variable: 'REEVE_TRUSTED_PROXIES',
      problem: 'trusts every address, so any caller could choose the address it is counted by',
      remedy: 'List the blocks of your own proxies.',
    });
  const inspects = (flags: string): boolean => /(^|\s)--inspect/.test(flags);
  const nodeOptions = environment.started('NODE_OPTIONS') ?? '';
  if (runtimeFlags.some(inspects) || inspects(nodeOptions))
    faults.push({
      variable: inspects(nodeOptions) ? 'NODE_OPTIONS' : 'node',
      problem: 'opens the debugger (--inspect), which runs any code and reads any secret',
      remedy: 'Start without it.',
    });
  return faults;
}

/** What works and is somebody's decision to make, but should not stay unnoticed. */
export function productionWarnings(values: VariableValues): string[] {
  if (values.NODE_ENV !== 'production') return [];
  const warnings: string[] = [];
  for (const name of ['DATABASE_URL', 'REEVE_MIGRATION_DATABASE_URL'] as const) {
    const url = values[name];
    // Containers of one private network commonly talk to their database in the clear, so this does not stop the start.
    if (url !== undefined && isUnencrypted(url))
      warnings.push(
        `${name} connects to another machine without TLS; add sslmode=verify-full where it is not a private network.`,
      );
  }
  if (values.REEVE_METRICS_TOKEN === undefined)
    warnings.push('REEVE_METRICS_TOKEN is not set, so /metrics answers nobody.');
  if (values.REEVE_SMTP_URL === undefined)
    warnings.push('REEVE_SMTP_URL is not set, so mail is written to files in the data directory.');
  if (values.REEVE_DOCS === true) warnings.push('REEVE_DOCS shows the API documentation to everybody.');
  return warnings;
}

function databaseUrls(configuration: Configuration): [string, Secret][] {
  const urls: [string, Secret | undefined][] = [
    ['DATABASE_URL', configuration.databaseUrl],
    ['REEVE_MIGRATION_DATABASE_URL', configuration.migrationDatabaseUrl],
  ];
  return urls.filter((entry): entry is [string, Secret] => entry[1] !== undefined);
}

/**
 * In pg's connection strings `no-verify` drops the check; the libpq spelling drops it for `prefer` and `require` too,
 * and for `verify-ca` drops only the host name, which is a check still.
 */
function skipsCertificateCheck(url: Secret): boolean {
  const query = new URL(url.reveal()).searchParams;
  const mode = query.get('sslmode');
  if (mode === 'no-verify') return true;
  return (
    query.get('uselibpqcompat') === 'true' &&
    (mode === 'prefer' || (mode === 'require' && !query.has('sslrootcert')))
  );
}

function isUnencrypted(url: Secret): boolean {
  const { hostname, searchParams } = new URL(url.reveal());
  const host = searchParams.get('host') ?? hostname;
  if (host === '' || host.startsWith('/') || isLoopback(host)) return false;
  const mode = searchParams.get('sslmode');
  const hasTls = searchParams.get('ssl') === 'true' || searchParams.get('ssl') === '1';
  return mode === 'disable' || (mode === null && !hasTls);
}

function skipsMailCertificateCheck(url: Secret): boolean {
  const value = new URL(url.reveal()).searchParams.get('tls.rejectUnauthorized');
  return value !== null && /^(false|0|no|off)?$/i.test(value);
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || address === 'localhost' || address.endsWith('.localhost');
}

/** A percent sign that begins no escape is a character like any other. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
