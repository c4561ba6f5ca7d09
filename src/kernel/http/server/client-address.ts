import ipaddr from 'ipaddr.js';

export interface ClientAddress {
  /** Canonical text; an IPv4 address mapped into IPv6 is the IPv4 address. */
  readonly ip: string;
  /** What limits count by: the IPv4 address, or the /64 that one IPv6 customer gets. */
  readonly network: string;
}

const MOST_REMEMBERED = 10_000;

/** Canonical forms by the spelling seen, since the same few clients come back all the time. */
export class ClientAddresses {
  private readonly known = new Map<string, ClientAddress | null>();

  /** Null for text that is no address. */
  read(text: string): ClientAddress | null {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const address = clientAddress(text);
    if (this.known.size >= MOST_REMEMBERED) this.known.clear();
    this.known.set(text, address);
    return address;
  }
}

/** Null for text that is no address. */
export function clientAddress(text: string): ClientAddress | null {
  // A zone (fe80::1%eth0) names an interface of this machine, not the client.
  const [bare] = text.split('%', 1);
  if (!ipaddr.isValid(bare) || (!bare.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(bare)))
    return null;
  const address = ipaddr.process(bare);
  const ip = address.toString();
  return { ip, network: address instanceof ipaddr.IPv6 ? networkOf(address) : ip };
}

function networkOf(address: ipaddr.IPv6): string {
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
