import { clientAddress } from './client-address.js';

const networkOf = (text: string) => clientAddress(text)?.network;

describe('clientAddress', () => {
  it('counts an IPv4 address by itself, also when mapped into IPv6', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  });

  it('counts an IPv6 address by its /64, however it is written', () => {
    expect(networkOf('2001:db8:0:1::1')).toBe(networkOf('2001:0DB8::1:ffff:0:0:2'));
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'));
  });

  it('is null for what is no address', () => {
    expect(clientAddress('nonsense')).toBeNull();
    expect(clientAddress('')).toBeNull();
  });
});
