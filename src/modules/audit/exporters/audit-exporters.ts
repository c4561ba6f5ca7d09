import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Metrics } from '../../../kernel/observability/index.js';
import { Clock, Configuration, Ids, Shutdown } from '../../../kernel/runtime/index.js';
import { CheckpointsRepository } from '../checkpoints/checkpoints.repository.js';
import { EntryBatches } from '../export/entry-batches.js';
import { Exporter } from './exporter.js';
import { ExporterTurns } from './exporter-turns.js';
import type { Receiver } from './receiver.js';
import { StdoutReceiver } from './stdout-receiver.js';
import { SyslogDatagramReceiver } from './syslog-datagram-receiver.js';
import { SyslogStreamReceiver } from './syslog-stream-receiver.js';

/** The exporters that the settings ask for. They run where jobs run. */
@Injectable()
export class AuditExporters implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly exporters: Exporter[] = [];
  private stopped?: Promise<void>;

  constructor(
    private readonly configuration: Configuration,
    private readonly turns: ExporterTurns,
    private readonly checkpoints: CheckpointsRepository,
    private readonly batches: EntryBatches,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
    shutdown: Shutdown,
  ) {
    shutdown.on('jobs', 'audit exporters', () => this.stop());
  }

  onApplicationBootstrap(): void {
    if (!this.configuration.runsJobs) return;
    for (const receiver of receiversOf(this.configuration)) this.start(receiver);
  }

  /** For an application that is closed without more ado. */
  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  private start(receiver: Receiver): void {
    const { turns, checkpoints, batches, clock, metrics } = this;
    const { name } = receiver;
    const delivered = metrics.counter(
      `audit_${name}_entries_total`,
      `Audit entries that this process has sent to ${name}, repetitions included.`,
    );
    const exporter = new Exporter(receiver, this.ids.next(), {
      turns,
      checkpoints,
      batches,
      clock,
      delivered,
    });
    metrics.gauge(
      `audit_${name}_lag_seconds`,
      `Age of the oldest sealed audit entries that ${name} has not got; 0 where another process delivers.`,
      () => exporter.lagSeconds,
    );
    this.exporters.push(exporter);
    exporter.start();
  }

  private stop(): Promise<void> {
    this.stopped ??= Promise.all(this.exporters.map((exporter) => exporter.stop())).then(() => undefined);
    return this.stopped;
  }
}

function receiversOf({ auditStdout, auditSyslog, publicUrl }: Configuration): Receiver[] {
  const receivers: Receiver[] = [];
  if (auditStdout) receivers.push(new StdoutReceiver(process.stdout));
  if (auditSyslog === undefined) return receivers;
  const Syslog = auditSyslog.transport === 'udp' ? SyslogDatagramReceiver : SyslogStreamReceiver;
  return [...receivers, new Syslog(auditSyslog, new URL(publicUrl).hostname)];
}

/** The exporters of a configuration, by name. */
export function exporterNames({ auditStdout, auditSyslog }: Configuration): string[] {
  return [...(auditStdout ? ['stdout'] : []), ...(auditSyslog === undefined ? [] : ['syslog'])];
}
