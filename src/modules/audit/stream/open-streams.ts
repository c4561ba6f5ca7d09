import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { OpenRequests } from '../../../kernel/http/index.js';
import { Metrics } from '../../../kernel/observability/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { TooManyStreams } from '../../../kernel/problem/index.js';
import { Clock, Shutdown } from '../../../kernel/runtime/index.js';
import { EventFlow } from './event-flow.js';

export const MOST_PER_PRINCIPAL = 5;
const MOST_TOGETHER = 500;
const CHECK_INTERVAL_MS = 500;
/** Whoever takes nothing for so long is gone, or will not keep up. */
const LONGEST_STALL_MS = 60_000;

/** A place among the open streams; give it back, or open it. */
export interface StreamPlace {
  open(source: (ending: AbortSignal) => AsyncGenerator<string>, mayGoOn: () => Promise<boolean>): Readable;
  giveBack(): void;
}

/** All streams of this process: how many there may be, how long each may go on, and their end. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  private readonly places = new OpenRequests({ each: MOST_PER_PRINCIPAL, together: MOST_TOGETHER });
  private readonly ends = new Set<() => void>();
  private ending = false;

  constructor(
    private readonly clock: Clock,
    shutdown: Shutdown,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'audit_streams_open',
      'Clients that follow the audit log at this process.',
      () => this.places.together,
    );
    // A stream is a request under way: nobody would ever see the end of it.
    shutdown.on('drain', 'audit streams', () => this.endAll());
  }

  /** @throws TooManyStreams */
  take(principal: Principal): StreamPlace {
    if (this.ending) throw new TooManyStreams('This process is about to end.');
    const giveBack = this.places.take(principal);
    return { giveBack, open: (source, mayGoOn) => this.open(source, mayGoOn, giveBack) };
  }

  endAll(): void {
    this.ending = true;
    for (const end of this.ends) end();
  }

  onModuleDestroy(): void {
    this.endAll();
  }

  private open(
    source: (ending: AbortSignal) => AsyncGenerator<string>,
    mayGoOn: () => Promise<boolean>,
    onClose: () => void,
  ): Readable {
    const stream = new EventFlow(source, this.clock);
    const end = (): void => stream.finish();
    const check = setInterval(() => {
      if (stream.stalledForMs > LONGEST_STALL_MS) return void stream.destroy();
      void mayGoOn().then((may) => may || end());
    }, CHECK_INTERVAL_MS).unref();
    this.ends.add(end);
    stream.once('close', () => {
      clearInterval(check);
      this.ends.delete(end);
      onClose();
    });
    // An error breaks the connection; the client comes back to where it was.
    stream.on('error', () => undefined);
    if (this.ending) end();
    return stream;
  }
}
