import { BlockList, isIP } from 'node:net';

const PREFIX_LENGTH = /^(?:0|[1-9]\d{0,2})$/;
const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Whether the text is a network in CIDR notation, IPv4 or IPv6, such as `203.0.113.0/24`. */
export function isCidr(text: string): boolean {
  return parseCidr(text) !== null;
}

/** The networks a key may be used from. */
export class AddressList {
  private readonly networks = new BlockList();

  /** @param cidrs networks as `isCidr` accepts them */
  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const network = parseCidr(cidr);
      if (network !== null) this.networks.addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** An unknown address is in no network. */
  includes(address: string | null): boolean {
    if (address === null) return false;
    const plain = MAPPED_IPV4.exec(address)?.[1] ?? address;
    const version = isIP(plain);
    return version !== 0 && this.networks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }
}

function parseCidr(text: string): Network | null {
  const [address, prefixText, ...rest] = text.split('/');
  // A zone (`fe80::1%eth0`) means something on one machine only.
  if (rest.length > 0 || prefixText === undefined || !PREFIX_LENGTH.test(prefixText) || address.includes('%'))
    return null;
  const version = isIP(address);
  const prefix = Number(prefixText);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return null;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}
