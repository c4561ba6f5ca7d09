import { AuditEntryView, type FullEntry, timeOf } from '../audit-entry.dto.js';

/** What all messages of an installation have in common. */
export interface SyslogOrigin {
  readonly facility: number;
  readonly hostName: string;
}

const INFORMATIONAL = 6;
const WARNING = 4;
/** The enterprise number that RFC 5612 sets aside for whoever has none of their own. */
const ELEMENT = 'audit@32473';
/** Of a message that would be too long. */
const LEFT_OUT = { detail: {}, personal: null, unreadable: null, shortened: true };
const LONGEST_MESSAGE_ID = 32;
const LONGEST_HOST_NAME = 255;

/**
 * One message (RFC 5424): the entry as the API shows it, in ASCII, so that it is one line for everybody, and in front of
 * it what receivers route by.
 */
export function syslogMessage(entry: FullEntry, origin: SyslogOrigin, isShort = false): string {
  const view = AuditEntryView.of(entry);
  const severity = entry.outcome === 'success' ? INFORMATIONAL : WARNING;
  const actor = entry.actorId === null ? entry.actorKind : `${entry.actorKind}:${entry.actorId}`;
  const parameters = {
    seq: entry.seq ?? '',
    id: entry.id,
    tenant: entry.tenantId,
    actor,
    resource: entry.resourceId === null ? entry.resourceType : `${entry.resourceType}:${entry.resourceId}`,
    outcome: entry.outcome,
    request: entry.requestId ?? '',
  };
  const element = Object.entries(parameters).map(([name, value]) => `${name}="${escaped(value)}"`);
  const content = isShort ? { ...view, ...LEFT_OUT } : view;
  const header = [
    `<${origin.facility * 8 + severity}>1`,
    timeOf(entry) || '-',
    printable(origin.hostName, LONGEST_HOST_NAME),
    'reeve',
    '-',
    printable(entry.action, LONGEST_MESSAGE_ID),
  ];
  return `${header.join(' ')} [${ELEMENT} ${element.join(' ')}] ${ascii(JSON.stringify(content))}`;
}

/** §6.3.3: quote, backslash and bracket are escaped. What is no printable ASCII is spelt out as in JSON. */
function escaped(value: string): string {
  return value
    .replace(/["\\\]]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f-\uffff]/g, (character) => `\\\\u${hex(character)}`);
}

/** Text that is not ASCII would need a byte order mark in front (§6.4); JSON can do without. */
function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${hex(character)}`);
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

/** §6: a field of the header is printable ASCII, or `-`. */
function printable(text: string, longest: number): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, longest) || '-';
}
