import type { FullApproval } from '../approvals.repository.js';
import { Alarm } from '../../streams/alarm.js';
import type { EventStreamResponse, StreamEvent } from '../../streams/event-stream.js';

const MOST_REMEMBERED = 2_000;

/** One listener: what has changed that it has not been told yet, and what it knows already. */
export class Subscription {
  private readonly changedIds = new Set<string>();
  private readonly known = new Map<string, string>();
  private readonly alarm = new Alarm();

  constructor(
    /** Changes by which its right to listen may end. */
    readonly rightsTags: ReadonlySet<string>,
    private readonly stream: EventStreamResponse,
  ) {
    stream.onClose(() => this.wake());
  }

  get isOpen(): boolean {
    return this.stream.isOpen;
  }

  changed(id: string): void {
    this.changedIds.add(id);
    this.wake();
  }

  wake(): void {
    this.alarm.wake();
  }

  end(): void {
    this.stream.end();
    this.wake();
  }

  /** What has changed; nothing when it is time to look after the connection. */
  async next(): Promise<string[]> {
    await this.alarm.next();
    const ids = [...this.changedIds];
    this.changedIds.clear();
    return ids;
  }

  /** Whether it has not been told of this version in this state. */
  isNews({ id, version, status }: FullApproval): boolean {
    const state = `${version} ${status}`;
    if (this.known.get(id) === state) return false;
    this.known.delete(id);
    this.known.set(id, state);
    if (this.known.size > MOST_REMEMBERED) this.known.delete(this.known.keys().next().value ?? id);
    return true;
  }

  /** As fast as the listener takes it. */
  async send(event: StreamEvent): Promise<void> {
    this.stream.send(event);
    await this.stream.drained();
  }

  beat(): void {
    this.stream.beat();
  }
}
