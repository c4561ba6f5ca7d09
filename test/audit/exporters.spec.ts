import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Counter, Registry } from 'prom-client';
import { EventLog } from '../../src/kernel/events/index.js';
import { DEFAULT_TENANT_ID } from '../../src/kernel/operation/index.js';
import { Clock, type SyslogTarget } from '../../src/kernel/runtime/index.js';
import { CheckpointsRepository } from '../../src/modules/audit/checkpoints/checkpoints.repository.js';
import { EntryBatches } from '../../src/modules/audit/export/entry-batches.js';
import { Exporter } from '../../src/modules/audit/exporters/exporter.js';
import { ExporterTurns } from '../../src/modules/audit/exporters/exporter-turns.js';
import type { Receiver } from '../../src/modules/audit/exporters/receiver.js';
import { StdoutReceiver } from '../../src/modules/audit/exporters/stdout-receiver.js';
import { SyslogDatagramReceiver } from '../../src/modules/audit/exporters/syslog-datagram-receiver.js';
import { SyslogStreamReceiver } from '../../src/modules/audit/exporters/syslog-stream-receiver.js';
import { selfSignedCertificate } from '../support/certificate.js';
import { asPrincipal, principalLike } from '../support/kernel-app.js';
import { KiteFlown, SealedLog } from './sealed-log.js';
import { SyslogReceiver } from './syslog-receiver.js';

let log: SealedLog;
const ended: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  log = await SealedLog.open();
});
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
  await log.close();
});

function exporterTo(receiver: Receiver): Exporter {
  const get = <T>(provider: new (...args: never[]) => T): T =>
    log.kernel.app.get(provider, { strict: false });
  const exporter = new Exporter(receiver, randomUUID(), {
    turns: get(ExporterTurns),
    checkpoints: get(CheckpointsRepository),
    batches: get(EntryBatches),
    clock: get(Clock),
    delivered: new Counter({ name: 'x', help: 'x', registers: [new Registry()] }),
  });
  exporter.start();
  ended.push(() => exporter.stop());
  return exporter;
}

const target = (port: number, rest: Partial<SyslogTarget> = {}): SyslogTarget => ({
  transport: 'tcp',
  host: '127.0.0.1',
  port,
  facility: 13,
  framing: 'octets',
  ...rest,
});

async function receiverOn(port = 0): Promise<SyslogReceiver> {
  const receiver = await new SyslogReceiver().listen(port);
  ended.push(() => receiver.die());
  return receiver;
}

const upTo = (count: number) => Array.from({ length: count }, (_, seq) => seq);
const size = async () =>
  Number((await log.tamper<{ size: string }>('SELECT count(*) AS size FROM audit_leaves'))[0].size);
const position = async () =>
  (await log.tamper<{ position: string }>('SELECT position FROM audit_exporters')).at(0)?.position;

describe('syslog over TCP', () => {
  it('gets every entry in the order of the log, those from before it was switched on too', async () => {
    await log.grow(300);
    const receiver = await receiverOn();
    exporterTo(new SyslogStreamReceiver(target(receiver.port), 'reeve.example.org'));
    await receiver.received(await size());
    await log.grow(5);
    await receiver.received(await size());
    expect(receiver.seqs).toEqual(upTo(await size()));
    expect(receiver.connections).toBe(1);
  });

  it('gets one line per entry, whatever is in it', async () => {
    const nasty = 'a"b\\c]d\r\n<34>1 - - - - - - forged\u2028é';
    const receiver = await receiverOn();
    await asPrincipal(principalLike({ id: nasty }), () =>
      log.kernel.app
        .get(EventLog)
        .append(new KiteFlown({ resourceId: nasty, detail: { height: 1, note: nasty }, outcome: 'denied' })),
    );
    await log.seal();
    exporterTo(new SyslogStreamReceiver(target(receiver.port, { framing: 'lines' }), 'reeve.example.org'));
    await receiver.received(await size());
    const message = receiver.messages.find(({ messageId }) => messageId === 'kite.fly');
    expect(message).toMatchObject({ priority: 13 * 8 + 4, host: 'reeve.example.org', app: 'reeve' });
    expect(message?.content).toMatchObject({ resourceId: nasty, detail: { note: nasty } });
    expect(message?.parameters).toMatchObject({
      outcome: 'denied',
      resource: 'kite:a"b\\c]d\\u000d\\u000a<34>1 - - - - - - forged\\u2028\\u00e9',
    });
  });

  it('loses nothing when the receiver is away for a while, or dies with entries it has not read', async () => {
    const first = await receiverOn();
    const exporter = exporterTo(new SyslogStreamReceiver(target(first.port), 'reeve'));
    await log.grow(50);
    await first.received(20);
    await first.die();
    await log.grow(200);
    const second = await receiverOn(first.port);
    const count = await size();
    const both = () => new Set([...first.seqs, ...second.seqs]);
    while (both().size < count) await once(second, 'message');
    expect([...both()].sort((a, b) => a - b)).toEqual(upTo(count));
    expect(exporter.lagSeconds).toBeGreaterThanOrEqual(0);
  });

  it('writes its position down only when the connection has held for a while, and goes on there', async () => {
    const receiver = await receiverOn();
    const doubtfulForLong = Object.assign(new SyslogStreamReceiver(target(receiver.port), 'reeve'), {
      doubtfulMs: 60_000,
    });
    const first = exporterTo(doubtfulForLong);
    await log.grow(10);
    await receiver.received(await size());
    expect(await position()).toBe('0');
    await first.stop();
    expect(Number(await position())).toBeGreaterThan(0);
    const before = receiver.messages.length;
    await log.grow(3);
    exporterTo(new SyslogStreamReceiver(target(receiver.port), 'reeve'));
    await receiver.received(await size());
    expect(receiver.messages.length).toBe(before + 3);
  });

  it('is delivered by one process at a time, and by the next when that one has ended', async () => {
    const receiver = await receiverOn();
    const one = exporterTo(new SyslogStreamReceiver(target(receiver.port), 'reeve'));
    await log.grow(5);
    await receiver.received(await size());
    exporterTo(new SyslogStreamReceiver(target(receiver.port), 'reeve'));
    await log.grow(5);
    await receiver.received(await size());
    expect(receiver.connections).toBe(1);
    await one.stop();
    await log.tamper(`UPDATE audit_exporters SET held_until = now() - interval '1 second'`);
    await log.grow(5);
    await receiver.received(await size());
    expect(receiver.seqs).toEqual(upTo(await size()));
  });
});

describe('syslog over TLS', () => {
  it('goes to a receiver whose certificate is trusted, and to no other', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-tls-'));
    ended.push(() => Promise.resolve(rmSync(directory, { recursive: true })));
    const certificate = selfSignedCertificate();
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, certificate.cert);
    const receiver = await new SyslogReceiver().listen(0, certificate);
    ended.push(() => receiver.die());
    await log.grow(20);
    const stranger = new SyslogStreamReceiver(target(receiver.port, { transport: 'tls' }), 'reeve');
    await expect(stranger.send([])).rejects.toThrow('self-signed certificate');
    exporterTo(new SyslogStreamReceiver(target(receiver.port, { transport: 'tls', caFile }), 'reeve'));
    await receiver.received(await size());
    expect(receiver.seqs).toEqual(upTo(await size()));
  });
});

describe('syslog over UDP', () => {
  it('sends each entry as one datagram, shortened when it is too large for one', async () => {
    const receiver = await new SyslogReceiver().listenForDatagrams();
    ended.push(() => receiver.die());
    await log.grow(3);
    const large = '\u00e9'.repeat(8_000);
    await asPrincipal(principalLike(), () =>
      log.kernel.app.get(EventLog).append(
        new KiteFlown({
          resourceId: 'large',
          detail: { height: 1, note: large },
          personal: { owner: large },
        }),
      ),
    );
    await log.seal();
    exporterTo(new SyslogDatagramReceiver(target(receiver.port, { transport: 'udp' }), 'reeve'));
    await receiver.received(await size());
    expect(receiver.seqs).toEqual(upTo(await size()));
    const [shortened] = receiver.messages.filter(({ content }) => content.shortened === true);
    expect(shortened.content).toMatchObject({ resourceId: 'large', detail: {}, personal: null });
  });
});

describe('standard output', () => {
  it('gets one JSON line per entry, told apart from the log by its one member', async () => {
    const output = new PassThrough();
    await log.grow(4);
    const count = await size();
    exporterTo(new StdoutReceiver(output));
    const lines: string[] = [];
    let text = '';
    for await (const chunk of output.setEncoding('utf8')) {
      text += chunk;
      lines.push(...text.split('\n').slice(0, -1));
      text = text.slice(text.lastIndexOf('\n') + 1);
      if (lines.length >= count) break;
    }
    const entries = lines.map(
      (line) => (JSON.parse(line) as { audit: { seq: number; tenantId: string } }).audit,
    );
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(count));
    expect(entries[0].tenantId).toBe(DEFAULT_TENANT_ID);
  });
});
