import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ChangeFeed } from '../../../../kernel/database/index.js';
import type { Principal } from '../../../../kernel/operation/index.js';
import { Shutdown } from '../../../../kernel/runtime/index.js';
import { seesAll } from '../approval-readers.js';
import { ApprovalsRepository, type FullApproval, type Place } from '../approvals.repository.js';
import { eventOf } from './approval-event.js';
import { EventStreamResponse } from '../../streams/event-stream.js';
import { type StreamReader, StreamReaders } from '../../streams/stream-readers.js';
import { WaitingClients } from '../../waiting/waiting-clients.js';
import { Subscription } from './subscription.js';

const AT_ONCE = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface Listener extends StreamReader {
  readonly since: Date | null;
}

/**
 * The queue as it changes, for those who look at it all day. Each process tells its own listeners, on the word of the
 * change feed; one that comes back is told what it missed.
 */
@Injectable()
export class ApprovalStreams {
  private readonly log = new Logger('Approvals');
  private readonly open = new Set<Subscription>();
  /** Under way, so that all listeners of a change share one look. */
  private readonly looks = new Map<string, Promise<FullApproval | null>>();
  private isEnding = false;

  constructor(
    feed: ChangeFeed,
    shutdown: Shutdown,
    private readonly approvals: ApprovalsRepository,
    private readonly readers: StreamReaders,
    private readonly clients: WaitingClients,
  ) {
    feed.subscribe({ changed: (tag) => this.changed(tag), changedUnseen: () => this.endAll() });
    shutdown.on('readiness', 'approval streams', () => {
      this.isEnding = true;
      this.endAll();
    });
  }

  /** Goes on until the client leaves, the right is lost or the process ends. @throws TooManyStreams */
  serve(listener: Listener, reply: FastifyReply): Promise<void> {
    return this.clients.during(listener.reader, () => this.stream(listener, reply));
  }

  private async stream(listener: Listener, reply: FastifyReply): Promise<void> {
    const subscription = new Subscription(
      this.readers.tagsOf(listener.reader),
      new EventStreamResponse(reply),
    );
    this.open.add(subscription);
    if (this.isEnding) subscription.end();
    try {
      await this.tellMissed(listener, subscription);
      while (subscription.isOpen) {
        const ids = await subscription.next();
        if (!subscription.isOpen) break;
        if (!(await this.mayGoOn(listener))) subscription.end();
        for (const id of ids) await this.tell(id, listener.reader, subscription);
        if (ids.length === 0) subscription.beat();
      }
    } catch (error) {
      // The client comes back and is told what it missed.
      this.log.warn(`A stream of approvals was cut short: ${String(error)}`);
    } finally {
      this.open.delete(subscription);
      subscription.end();
    }
  }

  private changed(tag: string): void {
    const id = tag.startsWith('approval:') ? tag.slice('approval:'.length) : null;
    if (id !== null) this.looks.clear();
    for (const subscription of this.open) {
      if (id !== null) subscription.changed(id);
      else if (subscription.rightsTags.has(tag)) subscription.wake();
    }
  }

  private endAll(): void {
    for (const subscription of this.open) subscription.end();
  }

  private async tellMissed({ reader, since }: Listener, subscription: Subscription): Promise<void> {
    const requesterId = seesAll(reader) ? null : reader.id;
    // In the order of the changes: one that is cut off here says by its last event what it still has to be told.
    let place: Place = { changedAt: since ?? new Date(0), id: FIRST_ID };
    while (subscription.isOpen) {
      const rows =
        since === null
          ? await this.approvals.pendingAfter(reader, requesterId, place, AT_ONCE)
          : await this.approvals.changedAfter(reader, requesterId, place, AT_ONCE);
      await this.send(rows, reader, subscription);
      if (rows.length < AT_ONCE) return;
      place = rows[rows.length - 1];
    }
  }

  private async tell(id: string, reader: Principal, subscription: Subscription): Promise<void> {
    const row = await this.look(id, reader);
    if (row !== null) await this.send([row], reader, subscription);
  }

  private look(id: string, reader: Principal): Promise<FullApproval | null> {
    const key = `${reader.tenantId}:${id}`;
    const under = this.looks.get(key);
    if (under !== undefined) return under;
    const look = this.approvals.byId(reader, id).finally(() => {
      if (this.looks.get(key) === look) this.looks.delete(key);
    });
    this.looks.set(key, look);
    return look;
  }

  private async send(
    rows: readonly FullApproval[],
    reader: Principal,
    subscription: Subscription,
  ): Promise<void> {
    const all = seesAll(reader);
    const fresh = rows.filter(
      (row) =>
        (all || row.requesterId === reader.id || row.delegatorId === reader.id) && subscription.isNews(row),
    );
    const votes = await this.approvals.votesOf(fresh.map(({ id }) => id));
    for (const row of fresh) await subscription.send(eventOf(row, votes));
  }

  private mayGoOn(listener: Listener): Promise<boolean> {
    return this.readers.mayStay(listener, (now) => seesAll(now) === seesAll(listener.reader));
  }
}
