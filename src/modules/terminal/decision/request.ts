/** Where a command is to run: on the user's own machine by the user's client, or here. */
export type TerminalMode = 'local' | 'server';

export interface DecisionPrincipal {
  readonly kind: 'user' | 'service' | 'agent' | 'system';
  readonly id: string;
  readonly isActive: boolean;
  /** Of the principal, or for an agent of the person it acts for. */
  readonly isTerminalAuthorized: boolean;
  readonly isServerTerminalAuthorized: boolean;
  readonly delegationId?: string;
}

/**
 * The two forms of a command. A list of arguments is what the system call takes: no shell sees it, so nothing in it can
 * mean anything else than itself. Text needs a shell and is judged by what a shell would make of it.
 */
export type CommandForm =
  | { readonly argv: readonly string[]; readonly text?: undefined }
  | { readonly text: string; readonly argv?: undefined };

export interface DecisionRequest {
  readonly command: CommandForm;
  readonly mode: TerminalMode;
  readonly principal: DecisionPrincipal;
  readonly cwd?: string;
  /** What `cwd` must lie in. Lexically: links are resolved by whoever runs the command. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly gatewayId?: string;
  /** False: nobody waits for an answer, so what would need a person is denied. */
  readonly interactive?: boolean;
  /** Milliseconds since the epoch; rules that expired before it do not count. */
  readonly at: number;
}
