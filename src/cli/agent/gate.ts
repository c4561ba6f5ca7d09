import { Api, isRecord, textIn } from './api.js';
import { Failure } from './failure.js';

const VERDICTS = ['allow', 'confirm', 'approve', 'reject', 'deny'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type AskedCommand = ({ readonly command: string } | { readonly argv: readonly string[] }) & {
  readonly cwd: string;
  readonly sessionId: string;
  /** Whether a person can be asked. */
  readonly interactive?: boolean;
  readonly reason?: string;
};

/** What the gate said about a command. */
export interface GateAnswer {
  readonly id: string;
  readonly verdict: Verdict;
  readonly approvalId: string | null;
  /** For people, each with its code; none for what a rule allows. */
  readonly reasons: readonly string[];
}

/** Asks whether something may be run on this machine; the gate records the question and its answer. */
export async function ask(api: Api, asked: AskedCommand, signal?: AbortSignal): Promise<GateAnswer> {
  const answer = await api.post('/terminal/commands', { ...asked, mode: 'local' }, { signal });
  const id = textIn(answer, 'id');
  const verdict = VERDICTS.find((one) => one === textIn(answer, 'verdict'));
  if (id === undefined || verdict === undefined)
    throw new Failure(`${api.server} gave no verdict: is it Reeve?`);
  return { id, verdict, approvalId: textIn(answer, 'approvalId') ?? null, reasons: reasonsIn(answer) };
}

function reasonsIn(answer: unknown): string[] {
  const listed: unknown = isRecord(answer) ? answer.reasons : undefined;
  return Array.isArray(listed) ? listed.flatMap(spelled) : [];
}

function spelled(reason: unknown): string[] {
  const message = textIn(reason, 'message');
  const code = textIn(reason, 'code');
  return message === undefined ? [] : [code === undefined ? message : `${message} (${code})`];
}
