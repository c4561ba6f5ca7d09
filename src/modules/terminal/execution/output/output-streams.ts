import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ChangeFeed } from '../../../../kernel/database/index.js';
import { Shutdown } from '../../../../kernel/runtime/index.js';
import { maySeeCommand } from '../../commands/command-readers.js';
import type { CommandRequest, CommandStatus } from '../../commands/command-request.entity.js';
import { CommandsRepository } from '../../commands/commands.repository.js';
import { Alarm } from '../../streams/alarm.js';
import { EventStreamResponse } from '../../streams/event-stream.js';
import { type StreamReader, StreamReaders } from '../../streams/stream-readers.js';
import { WaitingClients } from '../../waiting/waiting-clients.js';
import { OutputEndView, OutputPieceView } from './output.dto.js';
import { OutputRepository } from './output.repository.js';

export interface Follower extends StreamReader {
  readonly commandId: string;
  /** How much of the output the client has. */
  readonly position: number;
}

interface OpenStream {
  readonly tags: ReadonlySet<string>;
  readonly alarm: Alarm;
  readonly stream: EventStreamResponse;
}

const AT_ONCE = 16;
const GOES_ON: readonly CommandStatus[] = [
  'evaluated',
  'awaiting_confirmation',
  'awaiting_approval',
  'queued',
  'running',
];

/**
 * What commands write, for those who watch, whichever process runs them: it is read from where it is kept, on the word of
 * the change feed.
 */
@Injectable()
export class OutputStreams {
  private readonly log = new Logger('Terminal');
  private readonly open = new Set<OpenStream>();
  private isEnding = false;

  constructor(
    feed: ChangeFeed,
    shutdown: Shutdown,
    private readonly commands: CommandsRepository,
    private readonly output: OutputRepository,
    private readonly readers: StreamReaders,
    private readonly clients: WaitingClients,
  ) {
    feed.subscribe({ changed: (tag) => this.wake(tag), changedUnseen: () => this.wake(null) });
    shutdown.on('readiness', 'output streams', () => this.endAll());
  }

  /**
   * Until the command is over and all is told, the client leaves, the right is lost or the process ends.
   *
   * @throws TooManyStreams
   */
  serve(follower: Follower, reply: FastifyReply): Promise<void> {
    return this.clients.during(follower.reader, () => this.stream(follower, reply));
  }

  private async stream(follower: Follower, reply: FastifyReply): Promise<void> {
    const { commandId, reader } = follower;
    const stream = new EventStreamResponse(reply);
    const alarm = new Alarm();
    const rights = this.readers.tagsOf(reader);
    const entry = {
      stream,
      alarm,
      tags: new Set([...rights, `output:${commandId}`, `command:${commandId}`]),
    };
    stream.onClose(() => alarm.wake());
    this.open.add(entry);
    if (this.isEnding) stream.end();
    try {
      for (let position = follower.position; stream.isOpen;) {
        const command = await this.commands.byId(reader, commandId);
        if (command === null || !(await this.mayStay(follower, command))) break;
        position = await this.tell(commandId, position, stream);
        if (!GOES_ON.includes(command.status)) {
          stream.send({ id: String(position), name: 'end', data: OutputEndView.of(command, position) });
          break;
        }
        if (!(await alarm.next())) stream.beat();
      }
    } catch (error) {
      // The client comes back to where it was.
      this.log.warn(`A stream of output was cut short: ${error instanceof Error ? error.name : 'unknown'}`);
    } finally {
      this.open.delete(entry);
      stream.end();
    }
  }

  /** All that is kept behind the position; gives the new one. */
  private async tell(commandId: string, from: number, stream: EventStreamResponse): Promise<number> {
    for (let position = from; ;) {
      const pieces = await this.output.from(commandId, position, AT_ONCE);
      for (const piece of pieces) {
        const data = OutputPieceView.from(piece, position);
        position = piece.byteOffset + piece.data.length;
        stream.send({ id: String(position), name: 'output', data });
        await stream.drained();
      }
      if (pieces.length < AT_ONCE || !stream.isOpen) return position;
    }
  }

  private mayStay(follower: Follower, command: CommandRequest): Promise<boolean> {
    return this.readers.mayStay(follower, (now) => maySeeCommand(command, now));
  }

  private wake(tag: string | null): void {
    for (const { tags, alarm } of this.open) if (tag === null || tags.has(tag)) alarm.wake();
  }

  private endAll(): void {
    this.isEnding = true;
    for (const { stream, alarm } of this.open) {
      stream.end();
      alarm.wake();
    }
  }
}
