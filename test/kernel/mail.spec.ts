import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { Secret } from '../../src/kernel/crypto/index.js';
import { Mailer } from '../../src/kernel/mail/index.js';
import { Configuration } from '../../src/kernel/runtime/index.js';
import { type Replica, Stage, startReplica, until } from './kernel-context.js';

const mail = {
  to: 'Zoë <zoe@example.org>',
  subject: 'Grüße an Zoë',
  text: 'Open https://reeve.example/reset#rv_rst_s3cr3t0123456789 — it works once.\n.\nA line of one dot is fine.\n',
};

/** A mail server that keeps what it is given, or refuses it. */
class MailServer {
  readonly received: string[] = [];
  readonly answers: (Error | null)[] = [];
  /** What whoever logs in is told, one after the other; then everybody may. */
  readonly loginAnswers: Error[] = [];
  private readonly server: SMTPServer;

  constructor(options: { secure?: boolean } = {}) {
    this.server = new SMTPServer({
      secure: options.secure ?? false,
      authOptional: true,
      disabledCommands: options.secure ? [] : ['STARTTLS'],
      onAuth: (_login, _session, done) => {
        const refusal = this.loginAnswers.shift();
        done(refusal ?? null, { user: 'reeve' });
      },
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const answer = this.answers.shift() ?? null;
          if (answer === null) this.received.push(Buffer.concat(parts).toString('utf8'));
          done(answer);
        });
      },
    });
    this.server.on('error', () => undefined);
  }

  async listen(): Promise<string> {
    const listening = this.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    return `127.0.0.1:${(listening.address() as { port: number }).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

describe('a mail', () => {
  let stage: Stage;
  let replica: Replica | undefined;

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(async () => {
    await replica?.stop();
    await stage.close();
  });

  const start = async (role: 'worker' | 'api', smtpUrl?: string) => {
    replica = await startReplica(stage.database.runtimeUrl, {
      role,
      changes: {
        smtpUrl: smtpUrl === undefined ? undefined : new Secret(smtpUrl),
        mailFrom: 'Reeve <reeve@example.org>',
      },
    });
    return replica;
  };
  const send = (on: Replica) => on.inTransaction(() => on.get(Mailer).send(mail));

  it('arrives at the mail server as it was written', async () => {
    const server = new MailServer();
    await send(await start('worker', `smtp://${await server.listen()}`));
    await until(() => server.received.length === 1);
    const parsed = await PostalMime.parse(server.received[0]);
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.from).toMatchObject({ name: 'Reeve', address: 'reeve@example.org' });
    expect(parsed.to).toMatchObject([{ name: 'Zoë', address: 'zoe@example.org' }]);
    expect(parsed.text?.trim()).toBe(mail.text.trim());
    expect(parsed.messageId).toMatch(/^<[0-9a-f-]{36}@/);
    await replica?.stop();
    await server.close();
  });

  it('is tried again when the server says later, and given up when it says no', async () => {
    const server = new MailServer();
    server.answers.push(Object.assign(new Error('later'), { responseCode: 451 }));
    await send(await start('worker', `smtp://${await server.listen()}`));
    await until(() => server.received.length === 1, 15_000);
    server.answers.push(Object.assign(new Error('never'), { responseCode: 550 }));
    await send(replica!);
    await until(
      async () =>
        (await stage.rows('SELECT 1 FROM graphile_worker._private_jobs WHERE attempts >= max_attempts'))
          .length === 1,
    );
    await replica?.stop();
    await server.close();
  });

  it('is tried again when the server does not let us in, for that is not about the mail', async () => {
    const server = new MailServer();
    server.loginAnswers.push(Object.assign(new Error('not today'), { responseCode: 535 }));
    await send(await start('worker', `smtp://reeve:secret@${await server.listen()}`));
    await until(() => server.received.length === 1, 15_000);
    expect(server.loginAnswers).toEqual([]);
    await replica?.stop();
    await server.close();
  });

  it('is not handed to a server whose certificate nobody vouches for', async () => {
    // The sink warns that the certificate it comes with is known to everybody, which is what this is about.
    jest.spyOn(console, 'error').mockImplementationOnce(() => undefined);
    const server = new MailServer({ secure: true });
    await send(await start('worker', `smtps://${await server.listen()}`));
    const failure = async () =>
      (
        await stage.rows<{ last_error: string | null }>(
          'SELECT last_error FROM graphile_worker._private_jobs',
        )
      )[0]?.last_error;
    // The job is not in the queue yet while it is in the outbox.
    await until(async () => typeof (await failure()) === 'string');
    expect(await failure()).toMatch(/certificate/i);
    expect(server.received).toEqual([]);
    await replica?.stop();
    await server.close();
  });

  it('becomes a file that only the service may read where there is no server', async () => {
    const { dataDir } = (await start('worker')).get(Configuration);
    await send(replica!);
    const directory = join(dataDir, 'mail');
    const files = () => {
      try {
        return readdirSync(directory).filter((name) => name.endsWith('.eml'));
      } catch {
        return [];
      }
    };
    await until(() => files().length === 1);
    const file = join(directory, files()[0]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const parsed = await PostalMime.parse(readFileSync(file));
    expect(parsed.text?.trim()).toBe(mail.text.trim());
  });

  it('cannot be read in the database while it waits', async () => {
    await send(await start('api'));
    const waiting = JSON.stringify(await stage.rows('SELECT * FROM job_outbox'));
    expect(waiting).toContain('mail.send');
    expect(waiting).not.toMatch(/rv_rst|zoe|Grüße/);
  });

  it('of a transaction that was rolled back is never sent', async () => {
    const api = await start('api');
    const undone = api.inTransaction(async () => {
      await api.get(Mailer).send(mail);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await stage.rows('SELECT 1 FROM job_outbox')).toEqual([]);
  });
});
