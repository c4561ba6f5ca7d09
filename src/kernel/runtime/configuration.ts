import type { Secret } from '../crypto/secret.js';
import type { SyslogTarget } from './syslog-target.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Requests per 60 seconds. */
export interface RateSettings {
  readonly anonymous: number;
  readonly auth: number;
  readonly principal: number;
  readonly export: number;
}

/** An account of the operating system. */
export interface TerminalUser {
  readonly uid: number;
  readonly gid: number;
}

/** Everything an operator can set, parsed and checked once at start. A field that is undefined was not set. */
export class Configuration {
  readonly nodeEnv: string;
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash: base of links, issuer and audience. */
  readonly publicUrl: string;
  readonly role: 'all' | 'api' | 'worker';

  readonly databaseUrl?: Secret;
  readonly migrationDatabaseUrl?: Secret;
  readonly dbPoolSize: number;
  /** Absolute. */
  readonly dataDir: string;

  readonly secretKey?: Secret;
  /** Former keys that still open what they sealed, newest first. */
  readonly secretKeysPrevious: readonly Secret[];
  readonly adminEmail?: string;
  readonly adminPassword?: Secret;

  readonly registration: 'open' | 'closed';
  /** Lower case, without @. */
  readonly registrationDomains: readonly string[];
  readonly acceptLegacyTokens: boolean;
  readonly legacyJwtSecret?: Secret;

  readonly rate: RateSettings;
  /** Exact origins, `scheme://host[:port]`. */
  readonly corsOrigins: readonly string[];
  /** CIDR blocks whose forwarded headers count. */
  readonly trustedProxies: readonly string[];

  readonly accessTtlSeconds: number;
  readonly refreshTtlSeconds: number;
  readonly refreshIdleSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly sessionCap: number;

  readonly passwordMinLength: number;
  readonly argon2: { readonly memoryKib: number; readonly iterations: number };
  /** Without a trailing slash; undefined switches the breach check off. */
  readonly breachApiUrl?: string;
  /** How many password hashes may wait before further ones are refused. */
  readonly hashQueue: number;

  readonly smtpUrl?: Secret;
  readonly mailFrom: string;

  /** Absolute; the file that checkpoints of the audit log are appended to. */
  readonly auditAnchor?: string;
  /** The directory that commands of the server stay in; undefined while the server runs none. Absolute. */
  readonly terminalRoot?: string;
  /** Whom the commands of the server run as; undefined: as the service itself. */
  readonly terminalUser?: TerminalUser;
  /** All that they get of the environment of the service. */
  readonly terminalEnvironment: Readonly<Record<string, string>>;
  readonly approvalTtlSeconds: number;
  /** Whether audit entries are written to standard output. */
  readonly auditStdout: boolean;
  readonly auditSyslog?: SyslogTarget;
  /** Audit entries older than that are pruned by themselves; never when undefined. */
  readonly auditRetentionDays?: number;
  /** Absolute; where audit entries go before they are pruned. */
  readonly auditSegments: string;

  readonly logLevel: LogLevel;
  readonly metricsToken?: Secret;
  /** Whether the API documentation is served. */
  readonly docs: boolean;

  /** Names that are set and valid but belong to parts that this version does not have. */
  readonly withoutEffect: readonly string[];
  /** Sentences about settings that work but deserve a second look; start logs them. */
  readonly warnings: readonly string[];

  constructor(values: ConfigurationValues) {
    Object.assign(this, values);
    Object.freeze(this);
  }

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }

  get servesHttp(): boolean {
    return this.role !== 'worker';
  }

  get runsJobs(): boolean {
    return this.role !== 'api';
  }
}

/** The plain fields, for building a Configuration by hand in tests: `new Configuration({...other, port: 0})`. */
export type ConfigurationValues = Omit<Configuration, 'isProduction' | 'servesHttp' | 'runsJobs'>;
