import type { ExecutablePin } from '../decision/index.js';

export type OutputChannel = 'stdout' | 'stderr';

/** What is to be run: exactly what was judged, or what a person agreed to. */
export type RunForm =
  | { readonly kind: 'program'; readonly argv: readonly string[]; readonly pin: ExecutablePin | undefined }
  /** Text that rules allow. No shell sees it. `pins` is by the position of the command in the text. */
  | {
      readonly kind: 'sequence';
      readonly text: string;
      readonly pins: readonly (ExecutablePin | undefined)[];
    }
  /** Text that people agreed to, for a shell. */
  | { readonly kind: 'script'; readonly text: string };

export interface RunOrder {
  readonly commandId: string;
  readonly form: RunForm;
  /** As it was asked for: relative to the root, or within it. */
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

export interface RunEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** One command that runs. */
export interface Run {
  /** When nothing of it is left, whatever it started. */
  readonly ended: Promise<RunEnd>;
  /** Asks it to end, and soon ends it. Harmless when it is over. */
  stop(): void;
}

/** Takes what a command writes, in the order in which it arrives. */
export type OutputSink = (channel: OutputChannel, bytes: Buffer) => void;

/** Nothing was started, and nothing will be. */
export class RunRefused extends Error {
  constructor(
    /** Stable, for programs. */
    readonly code: 'cwd_outside_root' | 'cwd_missing' | 'executable_changed' | 'environment_refused',
    message: string,
  ) {
    super(message);
  }
}

/** Runs commands somewhere: on this machine, or behind a connection. */
export abstract class ExecutionDriver {
  /** @throws RunRefused */
  abstract start(order: RunOrder, output: OutputSink): Promise<Run>;

  /**
   * Ends what is left of commands on this machine whose process did not live to end them.
   *
   * @param areOver those of the commands that do not run any more
   */
  abstract endStrays(areOver: (commandIds: readonly string[]) => Promise<readonly string[]>): Promise<void>;
}
