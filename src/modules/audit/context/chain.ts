import { AuditEntryView, type FullEntry } from '../audit-entry.dto.js';
import { type ContextLinkView, type LinkName, LINKS } from './entry-context.dto.js';
import { approvalOf, commandOf, isStop, linkOf, outputDigestOf } from './entry-links.js';

/** What belongs into a link, and what to say when it is not there. */
interface Expected {
  readonly ids: readonly string[];
  /** Said when nothing belongs into the link. */
  readonly none: string;
  /** Said when something does and the log has no entry about it. */
  readonly missing: string;
}

/** The chain that the entry is part of, from all entries that may belong to it, oldest first. */
export function chainOf(entry: FullEntry, found: readonly FullEntry[]): ContextLinkView[] {
  const commands = ids([entry], commandOf).length > 0 ? ids([entry], commandOf) : ids(found, commandOf);
  const isOfChain = (other: FullEntry): boolean => {
    const command = commandOf(other);
    return command === null || commands.length === 0 || commands.includes(command);
  };
  const members = found.filter(isOfChain);
  return LINKS.map((link) => linkView(link, expectedIn(link, entry, members, commands), members));
}

function expectedIn(
  link: LinkName,
  entry: FullEntry,
  members: readonly FullEntry[],
  commands: readonly string[],
): Expected {
  switch (link) {
    case 'delegation':
      return {
        ids: delegationsOf(entry, members),
        none: 'It was done without a delegation.',
        missing: 'The log has no entry about a delegation in the path.',
      };
    case 'command':
      return {
        ids: commands,
        none: 'It belongs to no command.',
        missing: 'The log has no entry about the command itself.',
      };
    case 'approval':
      return {
        ids: ids([entry, ...members], approvalOf),
        none: 'No approval was asked for.',
        missing: 'The log has no entry about an approval that is named.',
      };
    case 'credentialUse':
      return {
        ids: ids(members, (other) => (linkOf(other) === link ? other.resourceId : null)),
        none: 'No credential was used.',
        missing: '',
      };
    case 'output': {
      const digests = ids(members, outputDigestOf);
      return {
        ids: digests,
        none: members.some(isStop)
          ? 'The command was refused or withdrawn, and never ran.'
          : 'There is no command that could have an output.',
        missing: 'The command has not ended, was not run, or nobody has reported its output.',
      };
    }
  }
}

/** The longest path there is: entries of a child name its parents too. */
function delegationsOf(entry: FullEntry, members: readonly FullEntry[]): readonly string[] {
  const paths = [entry, ...members].map(({ delegationPath }) => delegationPath);
  const longest = paths.reduce((best, path) => (path.length > best.length ? path : best), []);
  if (longest.length > 0) return longest;
  return ids([entry], (only) => (linkOf(only) === 'delegation' ? only.resourceId : null));
}

function linkView(link: LinkName, expected: Expected, members: readonly FullEntry[]): ContextLinkView {
  const wanted = [...expected.ids];
  const entries = members.filter(
    (member) =>
      linkOf(member) === link && (link !== 'delegation' || wanted.includes(member.resourceId ?? '')),
  );
  const missing = missingIn(link, wanted, entries);
  const lacksOutput =
    link === 'output' &&
    wanted.length === 0 &&
    members.some((member) => commandOf(member) !== null) &&
    !members.some(isStop);
  const state = missing.length > 0 || lacksOutput ? 'missing' : wanted.length === 0 ? 'none' : 'complete';
  const note = state === 'missing' ? expected.missing : state === 'none' ? expected.none : null;
  return {
    link,
    state,
    note,
    ids: wanted,
    missing,
    entries: entries.map((member) => AuditEntryView.of(member)),
  };
}

/** The credentials and the digest come from the entries themselves; the others are named before their entries are found. */
function missingIn(link: LinkName, wanted: readonly string[], entries: readonly FullEntry[]): string[] {
  if (link === 'credentialUse' || link === 'output') return [];
  const idOf = link === 'command' ? commandOf : link === 'approval' ? approvalOf : aboutOf;
  const there = new Set(entries.map(idOf));
  return wanted.filter((id) => !there.has(id));
}

const aboutOf = ({ resourceId }: FullEntry): string | null => resourceId;

function ids(entries: readonly FullEntry[], idOf: (entry: FullEntry) => string | null): string[] {
  return [...new Set(entries.map(idOf).filter((id) => id !== null))];
}
