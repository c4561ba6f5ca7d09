import { type DetailSchema, fact } from '../../../kernel/events/index.js';
import type { Verdict } from '../decision/index.js';
import type { CommandStatus, Decision, Mode, StopCause } from './command-request.entity.js';

const resourceType = 'command';
const status: DetailSchema = { type: 'string', description: 'Where the command is now.' };
const digest: DetailSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

/** The command itself stays with the request, where its digest is; a log must not be full of what people type. */
export class CommandRequested extends fact<{
  mode: Mode;
  verdict: Verdict;
  status: CommandStatus;
  reasons: string[];
  digest: string;
  policyVersion: string;
  sessionId: string;
}>({
  action: 'command.request',
  resourceType,
  summary: 'Somebody asked for a command to be run, and it was judged.',
  public: true,
  detail: {
    mode: { type: 'string', enum: ['local', 'server'] },
    verdict: { type: 'string', enum: ['allow', 'confirm', 'approve', 'reject', 'deny'] },
    status,
    reasons: { type: 'array', items: { type: 'string' }, description: 'Codes of the reasons.' },
    digest,
    policyVersion: { type: 'string' },
    sessionId: { type: 'string' },
  },
  example: {
    mode: 'local',
    verdict: 'allow',
    status: 'evaluated',
    reasons: ['rule'],
    digest: '5c'.repeat(32),
    policyVersion: 'a3'.repeat(32),
    sessionId: 'term-7f3a',
  },
}) {}

export class CommandConfirmed extends fact<{ confirmed: boolean; status: CommandStatus; digest: string }>({
  action: 'command.confirm',
  resourceType,
  summary:
    'The user whom a client asked agreed to a command or refused it, or an approved command was taken to be run.',
  public: true,
  detail: { confirmed: { type: 'boolean' }, status, digest },
  example: { confirmed: true, status: 'running', digest: '5c'.repeat(32) },
}) {}

export class CommandReported extends fact<{
  status: CommandStatus;
  exitCode: number;
  signal: string | null;
  outputSha256: string | null;
}>({
  action: 'command.report',
  resourceType,
  summary: 'The client that ran a command told how it ended.',
  public: true,
  detail: {
    status,
    exitCode: { type: 'integer' },
    signal: { type: ['string', 'null'] },
    outputSha256: { type: ['string', 'null'] },
  },
  example: { status: 'succeeded', exitCode: 0, signal: null, outputSha256: null },
}) {}

export class CommandCancelled extends fact<{ because: string; decision: Decision | null }>({
  action: 'command.cancel',
  resourceType,
  summary: 'A command that had not begun was withdrawn, or ended because the rules refuse it now.',
  public: true,
  detail: {
    because: { type: 'string', enum: ['requester', 'approver', 'policy', 'requester_gone'] },
    decision: { type: ['string', 'null'] },
  },
  example: { because: 'requester', decision: null },
}) {}

/** Nobody knows whether it was run after all: who answered a prompt of their client may not have been reported. */
export class CommandLapsed extends fact<{ digest: string }>({
  action: 'command.lapse',
  resourceType,
  summary: 'The client or server that was to confirm or run a command did not do so in time.',
  public: true,
  detail: { digest },
  example: { digest: '5c'.repeat(32) },
}) {}

export class CommandStarted extends fact<{
  form: 'program' | 'sequence' | 'script';
  digest: string;
  timeoutSeconds: number;
}>({
  action: 'command.start',
  resourceType,
  summary: 'The server took a command to run it; it does so once, whatever happens.',
  public: true,
  detail: {
    form: {
      type: 'string',
      enum: ['program', 'sequence', 'script'],
      description: 'As a program, as several of them, or by a shell.',
    },
    digest,
    timeoutSeconds: { type: 'integer' },
  },
  example: { form: 'program', digest: '5c'.repeat(32), timeoutSeconds: 60 },
}) {}

export class CommandRefused extends fact<{
  because: string;
  status: CommandStatus;
  decision: Decision | null;
}>({
  action: 'command.refuse',
  resourceType,
  summary: 'The server looked at a command once more right before it was to run, and did not run it.',
  public: true,
  detail: {
    because: {
      type: 'string',
      description:
        'digest_mismatch, approval_expired, gateway_unreachable, policy, cwd_outside_root, cwd_missing, executable_changed or environment_refused.',
    },
    status,
    decision: {
      type: ['string', 'null'],
      description: 'rejected or denied; null when only its time was over, which decides nothing.',
    },
  },
  example: { because: 'digest_mismatch', status: 'denied', decision: 'denied' },
}) {}

export class CommandStopped extends fact<{ because: StopCause }>({
  action: 'command.stop',
  resourceType,
  summary: 'The requester of a command that the server runs wants it to end.',
  public: true,
  detail: { because: { type: 'string', enum: ['requester'] } },
  example: { because: 'requester' },
}) {}

export class CommandFinished extends fact<{
  status: CommandStatus;
  because: StopCause | 'crash' | null;
  exitCode: number | null;
  signal: string | null;
  outputBytes: number;
  outputSha256: string | null;
}>({
  action: 'command.finish',
  resourceType,
  summary: 'A command that the server ran has ended, or nobody knows whether it has.',
  public: true,
  detail: {
    status,
    because: { type: ['string', 'null'], description: 'What ended it when it did not end by itself.' },
    exitCode: { type: ['integer', 'null'] },
    signal: { type: ['string', 'null'] },
    outputBytes: { type: 'integer', minimum: 0 },
    outputSha256: { type: ['string', 'null'] },
  },
  example: {
    status: 'succeeded',
    because: null,
    exitCode: 0,
    signal: null,
    outputBytes: 128,
    outputSha256: '5c'.repeat(32),
  },
}) {}
