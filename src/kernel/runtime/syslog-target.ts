import { Unacceptable, type Variable } from './variable.js';

/** Where syslog messages go, and how they are cut apart there. */
export interface SyslogTarget {
  readonly transport: 'tcp' | 'tls' | 'udp';
  readonly host: string;
  readonly port: number;
  /** RFC 5424 §6.2.1. */
  readonly facility: number;
  /** RFC 6587: each message with its length in front, or ended by a line feed. */
  readonly framing: 'octets' | 'lines';
  /** PEM file of the authority that the receiver's certificate is checked against. */
  readonly caFile?: string;
}

const PORTS = { tcp: 601, tls: 6514, udp: 514 } as const;
const FACILITIES: Readonly<Record<string, number>> = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  audit: 13,
  ...Object.fromEntries(Array.from({ length: 8 }, (_, number) => [`local${number}`, 16 + number])),
};
const PARAMETERS = ['facility', 'framing', 'ca'];

/** `tls://logs.company.example:6514?facility=audit&ca=/etc/reeve/ca.pem` */
export function syslogTarget(): Variable<SyslogTarget | undefined> {
  return {
    fallback: undefined,
    accepts:
      'tcp://host:port, tls://host:port or udp://host:port, with ?facility=, &framing= (octets or lines) and &ca= if need be',
    isSecret: false,
    isWithoutEffect: false,
    parse,
  };
}

function parse(text: string): SyslogTarget {
  if (!URL.canParse(text)) throw new Unacceptable('is not a URL');
  const url = new URL(text);
  const transport = url.protocol.slice(0, -1);
  if (!isTransport(transport)) throw new Unacceptable('does not begin with a scheme that is possible here');
  if (url.hostname === '') throw new Unacceptable('names no host');
  if (!['', '/'].includes(url.pathname) || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new Unacceptable('has a path, a fragment or credentials');
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw new Unacceptable('has a parameter that does not exist');
  return {
    transport,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORTS[transport] : Number(url.port),
    facility: facilityOf(url.searchParams.get('facility') ?? 'audit'),
    framing: framingOf(url.searchParams.get('framing') ?? 'octets'),
    caFile: url.searchParams.get('ca') ?? undefined,
  };
}

function isTransport(text: string): text is SyslogTarget['transport'] {
  return text === 'tcp' || text === 'tls' || text === 'udp';
}

function facilityOf(text: string): number {
  const facility = Object.hasOwn(FACILITIES, text) ? FACILITIES[text] : undefined;
  if (facility === undefined)
    throw new Unacceptable(`has a facility other than ${Object.keys(FACILITIES).join(', ')}`);
  return facility;
}

function framingOf(text: string): SyslogTarget['framing'] {
  if (text !== 'octets' && text !== 'lines')
    throw new Unacceptable('has a framing other than octets and lines');
  return text;
}
