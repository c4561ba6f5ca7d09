import ipaddr from 'ipaddr.js';

/** Prefix length of what one customer of an IPv6 provider gets at the least. */
const IPV6_PREFIX_WORDS = 4;

/** What counts as one address: an IPv4 address, or a whole /64 of IPv6, of which one person has all. */
export function networkOf(clientIp: string | null): string {
  if (clientIp === null || !ipaddr.isValid(clientIp)) return 'unknown';
  const address = ipaddr.process(clientIp);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return address.parts
    .slice(0, IPV6_PREFIX_WORDS)
    .map((word) => word.toString(16))
    .join(':');
}
