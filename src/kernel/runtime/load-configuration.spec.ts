import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type ConfigurationFault, ConfigurationFaults } from './configuration-faults.js';
import type { Configuration } from './configuration.js';
import { loadConfiguration } from './load-configuration.js';

const STRONG_KEY = 'kX3vQ9zLw0TnB7yRfHs2UeJp6DgMc4Va';

describe('the configuration', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'reeve-configuration-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const load = (variables: Record<string, string> = {}, flags: string[] = []): Configuration =>
    loadConfiguration(variables, directory, flags);

  const faultsOf = (
    variables: Record<string, string>,
    flags: string[] = [],
  ): readonly ConfigurationFault[] => {
    try {
      load(variables, flags);
    } catch (error) {
      if (error instanceof ConfigurationFaults) return error.faults;
      throw error;
    }
    return [];
  };
  const faultyNames = (variables: Record<string, string>, flags: string[] = []): string[] =>
    faultsOf(variables, flags).map(({ variable }) => variable);

  const fileWith = (text: string): string => {
    const file = join(directory, 'a-secret');
    writeFileSync(file, text);
    return file;
  };

  describe('of commands on the server', () => {
    const faultsAs = (userId: number, variables: Record<string, string>): string[] => {
      try {
        const all = { REEVE_SERVER_TERMINAL: 'true', REEVE_TERMINAL_ROOT: directory, ...variables };
        loadConfiguration(all, directory, [], userId);
        return [];
      } catch (error) {
        if (error instanceof ConfigurationFaults)
          return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
        throw error;
      }
    };

    it.each([
      ['root that names nobody', 0, {}, ['REEVE_TERMINAL_UID is missing while the service runs as root']],
      [
        'root that names root',
        0,
        { REEVE_TERMINAL_UID: '0', REEVE_TERMINAL_GID: '0' },
        ['REEVE_TERMINAL_UID is root', 'REEVE_TERMINAL_GID is the group of root'],
      ],
      ['root that is told so', 0, { REEVE_TERMINAL_ALLOW_ROOT: 'true' }, []],
      ['root that names another', 0, { REEVE_TERMINAL_UID: '1500' }, []],
      ['somebody', 1000, {}, []],
      ['somebody who names themselves', 1000, { REEVE_TERMINAL_UID: '1000' }, []],
      [
        'somebody who names another',
        1000,
        { REEVE_TERMINAL_UID: '1500' },
        ['REEVE_TERMINAL_UID is not the account of the service, which may not take on others'],
      ],
      [
        'a group alone',
        1000,
        { REEVE_TERMINAL_GID: '1000' },
        ['REEVE_TERMINAL_GID is set without REEVE_TERMINAL_UID'],
      ],
      [
        'a root that is none',
        1000,
        { REEVE_TERMINAL_ROOT: './missing' },
        ['REEVE_TERMINAL_ROOT names no directory'],
      ],
      ['a process that only takes them in', 0, { REEVE_ROLE: 'api' }, []],
    ])('as %s', (_, userId, variables, expected) => {
      expect(faultsAs(userId, variables)).toEqual(expected);
    });

    it('says whom they run as, and what they get of the environment', () => {
      const variables = {
        ...{ REEVE_SERVER_TERMINAL: 'true', REEVE_TERMINAL_ROOT: directory, REEVE_TERMINAL_UID: '1500' },
        ...{
          PATH: '/srv/reeve/node_modules/.bin:/srv/node_modules/.bin:/npm/node-gyp-bin:/usr/bin::bin:./node_modules/.bin:/bin',
          LC_TIME: 'C',
          HOME: '/home/service',
          SECRET: 'x',
        },
      };
      const { terminalUser, terminalEnvironment } = loadConfiguration(variables, directory, [], 0);

      expect(terminalUser).toEqual({ uid: 1500, gid: 1500 });
      expect(terminalEnvironment).toEqual({ PATH: '/usr/bin:/bin', LC_TIME: 'C', LANG: 'C.UTF-8' });
    });
  });

  describe('without any setting', () => {
    it('is that of one machine with an embedded database', () => {
      expect(load()).toMatchObject({
        nodeEnv: 'development',
        isProduction: false,
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://127.0.0.1:3000',
        role: 'all',
        servesHttp: true,
        runsJobs: true,
        databaseUrl: undefined,
        dataDir: join(directory, 'data'),
        registration: 'closed',
        rate: { anonymous: 1200, auth: 600, principal: 6000, export: 10 },
        accessTtlSeconds: 900,
        refreshTtlSeconds: 2_592_000,
        refreshIdleSeconds: 1_209_600,
        refreshGraceSeconds: 30,
        sessionCap: 10,
        argon2: { memoryKib: 47_104, iterations: 1 },
        docs: true,
        withoutEffect: [],
        warnings: [],
      });
    });

    it('shows an address that can be opened when it listens on all', () => {
      expect(load({ HOST: '0.0.0.0', PORT: '80' }).publicUrl).toBe('http://127.0.0.1:80');
      expect(load({ HOST: '::' }).publicUrl).toBe('http://[::1]:3000');
    });
  });

  describe('with settings', () => {
    it('holds them with their types', () => {
      const configuration = load({
        REEVE_PUBLIC_URL: 'https://reeve.company.example/',
        REEVE_ROLE: 'worker',
        REEVE_DATA_DIR: '/var/lib/x',
        REEVE_TRUSTED_PROXIES: '10.0.0.0/8, 192.168.1.1 ,fd00::/8',
        REEVE_CORS_ORIGINS: 'https://a.example,http://localhost:5173',
        REEVE_REGISTRATION_DOMAINS: 'Company.example,@other.example',
        REEVE_MAIL_FROM: 'Reeve <reeve@company.example>',
        REEVE_DOCS: 'false',
        REEVE_SECRET_KEY_PREVIOUS: 'one,two',
      });

      expect(configuration).toMatchObject({
        publicUrl: 'https://reeve.company.example',
        role: 'worker',
        servesHttp: false,
        runsJobs: true,
        dataDir: '/var/lib/x',
        trustedProxies: ['10.0.0.0/8', '192.168.1.1/32', 'fd00::/8'],
        corsOrigins: ['https://a.example', 'http://localhost:5173'],
        registrationDomains: ['company.example', 'other.example'],
        mailFrom: 'Reeve <reeve@company.example>',
        docs: false,
      });
      expect(configuration.secretKeysPrevious.map((key) => key.reveal())).toEqual(['one', 'two']);
    });

    it('cannot be changed afterwards', () => {
      expect(() => Object.assign(load(), { port: 1 })).toThrow(TypeError);
    });

    it('takes what .env says unless the environment says something', () => {
      writeFileSync(join(directory, '.env'), 'PORT=4000\nHOST="::1" # comment\nREEVE_ROLE=\nOTHER=1\n');

      expect(load({ PORT: '5000' })).toMatchObject({ port: 5000, host: '::1', role: 'all' });
    });

    it('does not print secrets', () => {
      const configuration = load({ REEVE_SECRET_KEY: STRONG_KEY, DATABASE_URL: 'postgres://u:hush@db/x' });

      expect(inspect(configuration) + JSON.stringify(configuration)).not.toMatch(/hush|kX3vQ9/);
      expect(configuration.databaseUrl?.reveal()).toBe('postgres://u:hush@db/x');
    });

    it('reads where syslog messages go, with what is usual there', () => {
      const target = (text: string) => load({ REEVE_AUDIT_SYSLOG: text }).auditSyslog;

      expect(target('udp://[::1]')).toEqual({
        transport: 'udp',
        host: '::1',
        port: 514,
        facility: 13,
        framing: 'octets',
        caFile: undefined,
      });
      expect(target('tls://logs.example:7000?facility=local3&framing=lines&ca=/etc/ca.pem')).toEqual({
        transport: 'tls',
        host: 'logs.example',
        port: 7000,
        facility: 19,
        framing: 'lines',
        caFile: '/etc/ca.pem',
      });
      for (const text of [
        'logs:514',
        'http://logs',
        'tcp://',
        'tcp://u:p@logs',
        'tcp://logs/x',
        'tcp://logs?port=1',
        'tcp://logs?facility=13',
        'tcp://logs?framing=x',
      ])
        expect(faultyNames({ REEVE_AUDIT_SYSLOG: text })).toEqual(['REEVE_AUDIT_SYSLOG']);
    });

    it('keeps audit segments in the data directory unless told otherwise', () => {
      expect(load({ REEVE_DATA_DIR: 'd' }).auditSegments).toBe(join(directory, 'd/audit-segments'));
      expect(load({ REEVE_AUDIT_SEGMENTS: '/kept' }).auditSegments).toBe('/kept');
    });

    it('lists those that belong to parts which do not exist yet', () => {
      expect(load({ REDIS_URL: 'redis://cache', REEVE_DELEGATION_MAX_DEPTH: '2' }).withoutEffect).toEqual([
        'REDIS_URL',
        'REEVE_DELEGATION_MAX_DEPTH',
      ]);
    });
  });

  describe('with secrets in files', () => {
    it('reads them without the line break at the end', () => {
      const file = fileWith(`${STRONG_KEY}\n`);

      expect(load({ REEVE_SECRET_KEY_FILE: file }).secretKey?.reveal()).toBe(STRONG_KEY);
    });

    it('reads connection URLs from files, also by relative paths', () => {
      fileWith('postgres://u:p@db/x\n');

      const configuration = load({
        DATABASE_URL_FILE: 'a-secret',
        REEVE_MIGRATION_DATABASE_URL_FILE: 'a-secret',
      });

      expect(configuration.databaseUrl?.reveal()).toBe('postgres://u:p@db/x');
      expect(configuration.migrationDatabaseUrl?.reveal()).toBe('postgres://u:p@db/x');
    });

    it('prefers the file that the environment names to the value in .env', () => {
      writeFileSync(join(directory, '.env'), 'REEVE_SECRET_KEY=from-dot-env\n');

      expect(load({ REEVE_SECRET_KEY_FILE: fileWith(STRONG_KEY) }).secretKey?.reveal()).toBe(STRONG_KEY);
    });

    it('refuses files that are absent, empty, or rivals of the variable', () => {
      expect(faultyNames({ REEVE_SECRET_KEY_FILE: '/nowhere' })).toEqual(['REEVE_SECRET_KEY_FILE']);
      expect(faultyNames({ REEVE_SECRET_KEY_FILE: directory })).toEqual(['REEVE_SECRET_KEY_FILE']);
      expect(faultyNames({ REEVE_SECRET_KEY_FILE: fileWith('\n') })).toEqual(['REEVE_SECRET_KEY_FILE']);
      expect(faultyNames({ REEVE_SECRET_KEY: STRONG_KEY, REEVE_SECRET_KEY_FILE: fileWith('x') })).toEqual([
        'REEVE_SECRET_KEY',
      ]);
    });

    it('lets be what the command on the same machine reads', () => {
      expect(faultsOf({ REEVE_SERVER: 'https://reeve.example.org', REEVE_TOKEN: 'rv_usr_x' })).toEqual([]);
    });

    it('refuses a file for what is no secret', () => {
      expect(faultsOf({ REEVE_ROLE_FILE: '/x' })).toEqual([
        {
          variable: 'REEVE_ROLE_FILE',
          problem: 'is not a setting',
          remedy: expect.stringContaining('set REEVE_ROLE itself') as string,
        },
      ]);
    });
  });

  describe('with faults', () => {
    it('names all of them at once, with what is wrong and what to write', () => {
      const faults = faultsOf({
        PORT: '70000',
        REEVE_ROLE: 'both',
        REEVE_DOCS: 'yes',
        REEVE_TRUSTED_PROXIES: '10.0.0.0/8,10.0.0.0/64',
        REEVE_REFRESH_GRACE: '31',
        REEVE_SESION_CAP: '5',
      });

      expect(faults).toEqual([
        {
          variable: 'REEVE_SESION_CAP',
          problem: 'is not a setting',
          remedy: 'Did you mean REEVE_SESSION_CAP?',
        },
        { variable: 'PORT', problem: 'is above 65535', remedy: 'Write an integer from 0 to 65535.' },
        {
          variable: 'REEVE_ROLE',
          problem: 'is not one of the possible values',
          remedy: 'Write one of all, api, worker.',
        },
        {
          variable: 'REEVE_TRUSTED_PROXIES',
          problem: 'item 2 is no address block',
          remedy: expect.stringMatching(/^Write address blocks such as/) as string,
        },
        { variable: 'REEVE_REFRESH_GRACE', problem: 'is above 30', remedy: 'Write an integer from 0 to 30.' },
        { variable: 'REEVE_DOCS', problem: 'is neither true nor false', remedy: 'Write true or false.' },
      ]);
    });

    it('says them in one readable message', () => {
      expect(() => load({ PORT: 'x', REEVE_ROLE: 'y' })).toThrow(
        '2 faults in the configuration:\n' +
          '  PORT is not an integer. Write an integer from 0 to 65535.\n' +
          '  REEVE_ROLE is not one of the possible values. Write one of all, api, worker.',
      );
    });

    it('never repeats a value, since people mistake the line', () => {
      const canary = 'canary7Qx2mB9sTzW4';
      const everywhere = Object.fromEntries(
        [
          'PORT',
          'REEVE_ROLE',
          'DATABASE_URL',
          'REEVE_PUBLIC_URL',
          'REEVE_METRICS_TOKEN',
          'REEVE_CORS_ORIGINS',
        ].map((variable) => [variable, canary.slice(0, 15)]),
      );

      const message = String(new ConfigurationFaults(faultsOf(everywhere)));

      expect(message).toContain('REEVE_METRICS_TOKEN');
      expect(message).not.toContain('canary');
    });

    it('points from an unknown name to the one that was probably meant', () => {
      const remedyFor = (variable: string): string => faultsOf({ [variable]: 'x' })[0].remedy;

      expect(remedyFor('REEVE_PORT')).toBe('Did you mean PORT?');
      expect(remedyFor('REEVE_DATABASE_URL')).toBe('Did you mean DATABASE_URL?');
      expect(remedyFor('REEVE_SMPT_URL')).toBe('Did you mean REEVE_SMTP_URL?');
      expect(remedyFor('REEVE_UNHEARD_OF_THING')).toMatch(/^Remove it/);
    });

    it.each<[string, Record<string, string>]>([
      ['REEVE_MIGRATION_DATABASE_URL', { REEVE_MIGRATION_DATABASE_URL: 'postgres://u@db/x' }],
      ['REEVE_ADMIN_EMAIL', { REEVE_ADMIN_EMAIL: 'a@b.example' }],
      ['REEVE_ADMIN_PASSWORD', { REEVE_ADMIN_PASSWORD: 'correct horse battery' }],
      ['REEVE_ADMIN_PASSWORD', { REEVE_ADMIN_EMAIL: 'a@b.example', REEVE_ADMIN_PASSWORD: 'too short' }],
      ['REEVE_LEGACY_JWT_SECRET', { REEVE_ACCEPT_LEGACY_TOKENS: 'true' }],
      ['REEVE_REFRESH_IDLE', { REEVE_REFRESH_TTL: '600', REEVE_REFRESH_IDLE: '601' }],
      ['REEVE_SECRET_KEY', { REEVE_SECRET_KEY: 'with,comma' }],
      ['NODE_ENV', { NODE_ENV: 'prod' }],
      ['HOST', { HOST: 'http://x' }],
      ['REEVE_PUBLIC_URL', { REEVE_PUBLIC_URL: 'https://user:pw@x.example' }],
      ['REEVE_PUBLIC_URL', { REEVE_PUBLIC_URL: 'ftp://x.example' }],
      ['DATABASE_URL', { DATABASE_URL: 'mysql://db/x' }],
      ['REEVE_CORS_ORIGINS', { REEVE_CORS_ORIGINS: '*' }],
      ['REEVE_CORS_ORIGINS', { REEVE_CORS_ORIGINS: 'https://a.example/' }],
      ['REEVE_ARGON2_MEMORY_KIB', { REEVE_ARGON2_MEMORY_KIB: '19456' }],
      ['REEVE_ACCESS_TTL', { REEVE_ACCESS_TTL: '1e3' }],
      ['REEVE_MAIL_FROM', { REEVE_MAIL_FROM: 'nobody' }],
      ['REEVE_KEYCLOAK_URL', { REEVE_KEYCLOAK_URL: 'keycloak' }],
    ])('refuses %s in %j', (variable, variables) => {
      expect(faultyNames(variables)).toEqual([variable]);
    });
  });

  describe('in production', () => {
    const safe = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://reeve:7Hq9zLw0TnB@127.0.0.1/reeve',
      REEVE_SECRET_KEY: STRONG_KEY,
    };

    it('starts on a safe one', () => {
      expect(load(safe)).toMatchObject({ isProduction: true, docs: false });
    });

    it('starts on the embedded database with a generated key', () => {
      expect(load({ NODE_ENV: 'production' }).secretKey).toBeUndefined();
    });

    it('refuses everything unsafe at once', () => {
      const unsafe = {
        NODE_ENV: 'production',
        DATABASE_URL: 'postgres://reeve:change-me@db.example/reeve?sslmode=no-verify',
        REEVE_PUBLIC_URL: 'http://reeve.company.example',
        REEVE_REGISTRATION: 'open',
        REEVE_ACCEPT_LEGACY_TOKENS: 'true',
        REEVE_LEGACY_JWT_SECRET: 'short',
        REEVE_TRUSTED_PROXIES: '0.0.0.0/0',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      };

      expect(faultyNames(unsafe, ['--inspect=0.0.0.0:9229'])).toEqual([
        'REEVE_SECRET_KEY',
        'REEVE_LEGACY_JWT_SECRET',
        'DATABASE_URL',
        'NODE_TLS_REJECT_UNAUTHORIZED',
        'DATABASE_URL',
        'REEVE_PUBLIC_URL',
        'REEVE_REGISTRATION_DOMAINS',
        'REEVE_TRUSTED_PROXIES',
        'node',
      ]);
    });

    it('finds the unsafe besides the unreadable', () => {
      expect(faultyNames({ NODE_ENV: 'production', PORT: 'x', REEVE_REGISTRATION: 'open' })).toEqual([
        'PORT',
        'REEVE_REGISTRATION_DOMAINS',
      ]);
    });

    it.each([
      ['short', 'kX3vQ9zLw0TnB7yRfHs2UeJp6DgMc4V'],
      ['a placeholder', 'please-change-me-please-change-me-now'],
      ['the example of many tutorials', 'your-256-bit-secret-your-256-bit-secret'],
      ['one character', 'a'.repeat(64)],
      ['a repetition', 'kX3vQ9zLw0'.repeat(4)],
      ['counting', '01234567890123456789012345678901'],
    ])('refuses a secret key that is %s', (_, key) => {
      expect(faultyNames({ ...safe, REEVE_SECRET_KEY: key })).toEqual(['REEVE_SECRET_KEY']);
    });

    it('refuses the debugger in NODE_OPTIONS', () => {
      expect(faultyNames({ ...safe, NODE_OPTIONS: '--enable-source-maps --inspect-brk' })).toEqual([
        'NODE_OPTIONS',
      ]);
    });

    it('refuses connections that encrypt without checking the certificate', () => {
      const withUrls = (database: string, smtp: string): string[] =>
        faultyNames({ ...safe, DATABASE_URL: database, REEVE_SMTP_URL: smtp });

      expect(
        withUrls(
          'postgres://u:p@db/x?uselibpqcompat=true&sslmode=require',
          'smtp://m?tls.rejectUnauthorized=false',
        ),
      ).toEqual(['DATABASE_URL', 'REEVE_SMTP_URL']);
      expect(withUrls('postgres://u:p@db/x?sslmode=verify-full', 'smtps://m')).toEqual([]);
    });

    it('warns of what may be right in some places', () => {
      const warningsFor = (url: string) => load({ ...safe, DATABASE_URL: url }).warnings.join('\n');

      expect(warningsFor('postgres://u:p@postgres/x')).toContain('without TLS');
      expect(warningsFor('postgres://u:p@postgres/x?sslmode=verify-full')).not.toContain('without TLS');
      expect(warningsFor('postgres://u:p@localhost/x')).not.toContain('without TLS');
      expect(load(safe).warnings.join('\n')).toMatch(/REEVE_METRICS_TOKEN.*\n.*REEVE_SMTP_URL/);
    });
  });
});
