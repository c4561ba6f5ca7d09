import type { Principal } from '../../../../kernel/operation/index.js';
import type { FullApproval } from '../approvals.repository.js';
import type { EventStreamResponse, StreamEvent } from './event-stream.js';

const HEARTBEAT_MS = 15_000;
const MOST_REMEMBERED = 2_000;

/** One listener: what has changed that it has not been told yet, and what it knows already. */
export class Subscription {
  /** Changes of which its right to listen may end. */
  readonly rightsTags: ReadonlySet<string>;
  private readonly changedIds = new Set<string>();
  private readonly known = new Map<string, string>();
  private told: (() => void) | null = null;
  private isAwake = false;

  constructor(
    { kind, id, tenantId, credential }: Principal,
    private readonly stream: EventStreamResponse,
  ) {
    const shown =
      credential.kind === 'session'
        ? `session:${credential.familyId}`
        : `key:${'keyId' in credential ? credential.keyId : ''}`;
    this.rightsTags = new Set([`${kind}:${id}`, `tenant:${tenantId}`, `policy:${tenantId}`, shown]);
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
    this.isAwake = true;
    this.told?.();
  }

  end(): void {
    this.stream.end();
    this.wake();
  }

  /** What has changed; nothing when it is time to look after the connection. */
  async next(): Promise<string[]> {
    if (!this.isAwake) await this.nextWake();
    this.isAwake = false;
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

  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      // A stream is no reason for the process to live.
      timer.unref();
      this.told = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
