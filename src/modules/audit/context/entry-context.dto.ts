import { ApiProperty } from '@nestjs/swagger';
import { OneOf } from '../../../kernel/http/index.js';
import { AuditEntryView } from '../audit-entry.dto.js';

/** In the order in which they come about. */
export const LINKS = ['delegation', 'command', 'approval', 'credentialUse', 'output'] as const;
export type LinkName = (typeof LINKS)[number];

/**
 * - `complete`: the log has what belongs here;
 * - `missing`: something belongs here that the log does not have;
 * - `none`: nothing belongs here.
 */
export const LINK_STATES = ['complete', 'missing', 'none'] as const;

export class ContextLinkView {
  /** Which part of the chain. */
  @OneOf(LINKS, { example: 'approval' })
  link: LinkName;

  /** `complete` when the log has what belongs here, `missing` when it has not all of it, `none` when nothing belongs here. */
  @OneOf(LINK_STATES, { example: 'complete' })
  state: (typeof LINK_STATES)[number];

  /** What is missing, or why there is nothing; null when the link is complete. */
  @ApiProperty({ type: String, nullable: true, example: null })
  note: string | null;

  /** What the link is about: delegations outermost first, the command, the approvals, the credentials, the SHA-256 of the output. */
  @ApiProperty({ type: [String], example: ['01936f5e-7b5c-7c3a-9d61-6f1d6f6f3c40'] })
  ids: string[];

  /** Those of `ids` that the log has no entry about. */
  @ApiProperty({ type: [String], example: [] })
  missing: string[];

  /** Oldest first. */
  @ApiProperty({ type: [AuditEntryView] })
  entries: AuditEntryView[];
}

/** How an entry came about, put together from the entries around it. */
export class EntryContextView {
  /** The entry that was asked about. */
  @ApiProperty({ type: AuditEntryView })
  entry: AuditEntryView;

  /** Delegation, command, approval, credential uses, output: always these five, in this order. */
  @ApiProperty({ type: [ContextLinkView] })
  chain: ContextLinkView[];

  /** Further entries of the same request or command, oldest first. */
  @ApiProperty({ type: [AuditEntryView] })
  related: AuditEntryView[];

  /** Whether nothing is missing. */
  @ApiProperty({ example: true })
  isComplete: boolean;

  /** Whether there are more entries about it than are looked at, the newest having been left out. */
  @ApiProperty({ example: false })
  truncated: boolean;
}
