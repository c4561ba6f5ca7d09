import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { EventLog } from '../events/index.js';
import { currentOperation, type Operation, runInOperation } from '../operation/index.js';
import type { Principal } from '../operation/principal.js';
import type { Problem } from '../problem/index.js';
import { Clock } from '../runtime/index.js';
import { type AccessRequest, pathOf, routeOf } from './access-request.js';
import { AccessForbidden } from './access.events.js';

/** A refusal of somebody who is known. */
interface Refusal {
  readonly principal: Principal;
  /** `GET /api/v1/users/:id` */
  readonly route: string;
  readonly path: string;
  readonly permission: string | null;
  readonly code: string;
}

interface Window {
  readonly refusal: Refusal;
  readonly closesAtMs: number;
  /** Refusals since the first one, which has its own entry. */
  further: number;
  /** That of the last refusal, whose request id and address the counted entry carries. */
  operation: Operation;
}

const WINDOW_MS = 60_000;
/** Beyond it refusals are written one by one: memory stays bounded and none is lost. */
const MOST_WINDOWS = 10_000;

/**
 * Records who was refused what. The first refusal is written before it is answered; identical ones within the next
 * minute are counted and become one more entry, so that a client in a loop does not fill the log.
 */
@Injectable()
export class Refusals implements BeforeApplicationShutdown {
  private readonly log = new Logger('Access');
  /** In the order in which they close, since all are equally long. */
  private readonly windows = new Map<string, Window>();
  private readonly recorded = new WeakSet<Problem>();
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  /**
   * What is about to be answered; resolves when that may be done. Null when there is nothing to record: the problem is
   * no refusal, nobody was signed in, or it has been recorded.
   */
  record(problem: Problem, request: AccessRequest, permission: string | null): Promise<void> | null {
    const { principal } = request;
    if (problem.status !== 403 || principal == null || this.recorded.has(problem)) return null;
    this.recorded.add(problem);
    return this.count({
      principal,
      route: routeOf(request),
      path: pathOf(request),
      permission,
      code: problem.code,
    });
  }

  private async count(refusal: Refusal): Promise<void> {
    const key = keyOf(refusal);
    const open = this.windows.get(key);
    if (open !== undefined && this.clock.monotonicMs() < open.closesAtMs) {
      open.further += 1;
      open.operation = currentOperation();
      return;
    }
    if (open !== undefined) await this.close(key, open);
    await this.recordFirst(key, refusal);
  }

  /** Writes what the windows that are over have counted. */
  async closeDue(): Promise<void> {
    const now = this.clock.monotonicMs();
    for (const [key, window] of this.windows) {
      if (window.closesAtMs > now) break;
      await this.close(key, window);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await Promise.allSettled([...this.windows].map(([key, window]) => this.close(key, window)));
  }

  private async recordFirst(key: string, refusal: Refusal): Promise<void> {
    if (!this.stopping && this.windows.size < MOST_WINDOWS) this.open(key, refusal);
    try {
      await this.events.append(entryFor(refusal, 1));
    } catch (error) {
      this.windows.delete(key);
      throw error;
    }
  }

  /** Before the entry is written, so that refusals which arrive meanwhile are counted already. */
  private open(key: string, refusal: Refusal): void {
    const closesAtMs = this.clock.monotonicMs() + WINDOW_MS;
    this.windows.set(key, { refusal, closesAtMs, further: 0, operation: currentOperation() });
    this.schedule();
  }

  private async close(key: string, window: Window): Promise<void> {
    if (this.windows.get(key) === window) this.windows.delete(key);
    if (window.further === 0) return;
    const entry = entryFor(window.refusal, window.further);
    window.further = 0;
    await runInOperation(asLastSeen(window), () => this.events.append(entry));
  }

  private schedule(): void {
    if (this.timer !== null || this.stopping) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.closeDue()
        .catch((error: unknown) => this.log.error('Counted refusals could not be recorded.', error))
        .finally(() => {
          if (this.windows.size > 0) this.schedule();
        });
    }, this.nextCloseInMs());
    this.timer.unref();
  }

  private nextCloseInMs(): number {
    const first = this.windows.values().next().value;
    return first === undefined ? WINDOW_MS : Math.max(10, first.closesAtMs - this.clock.monotonicMs());
  }
}

function asLastSeen({ operation, refusal }: Window): Operation {
  const { requestId, kind, clientIp, userAgent } = operation;
  return { requestId, kind, clientIp, userAgent, principal: refusal.principal, transaction: null };
}

/** Somebody else's thing is another refusal: which ones were tried is what an auditor asks. */
function keyOf({ principal, route, path, permission, code }: Refusal): string {
  const { kind, id, actor } = principal;
  return [kind, id, actor?.id, route, path, permission, code].join(' ');
}

function entryFor(refusal: Refusal, count: number): AccessForbidden {
  const { permission, code, path } = refusal;
  return new AccessForbidden({
    resourceId: refusal.route,
    outcome: 'denied',
    detail: { permission, code, path, count },
  });
}
