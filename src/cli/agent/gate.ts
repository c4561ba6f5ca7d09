import { Api, isRecord, listIn, textIn } from './api.js';
import { Failure } from './failure.js';
import type { PinnedProgram } from './pinned-files.js';

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
  /** The files that programs of the command have to be, because a rule that covers them says so. */
  readonly pinned: readonly PinnedProgram[];
}

/** Asks whether something may be run on this machine; the gate records the question and its answer. */
export async function ask(api: Api, asked: AskedCommand, signal?: AbortSignal): Promise<GateAnswer> {
  const answer = await api.post('/terminal/commands', { ...asked, mode: 'local' }, { signal });
  const id = textIn(answer, 'id');
  const verdict = VERDICTS.find((one) => one === textIn(answer, 'verdict'));
  if (id === undefined || verdict === undefined)
    throw new Failure(`${api.server} gave no verdict: is it Reeve?`);
  return {
    id,
    verdict,
    approvalId: textIn(answer, 'approvalId') ?? null,
    reasons: listIn(answer, 'reasons').flatMap(spelled),
    pinned: listIn(answer, 'segments').flatMap(pinnedIn),
  };
}

function spelled(reason: unknown): string[] {
  const message = textIn(reason, 'message');
  const code = textIn(reason, 'code');
  return message === undefined ? [] : [code === undefined ? message : `${message} (${code})`];
}

function pinnedIn(segment: unknown): PinnedProgram[] {
  const pin: unknown = isRecord(segment) ? segment.pin : undefined;
  const [called, path, sha256] = [listIn(segment, 'argv')[0], textIn(pin, 'path'), textIn(pin, 'sha256')];
  if (path === undefined || sha256 === undefined || typeof called !== 'string') return [];
  return [{ called, path, sha256 }];
}
