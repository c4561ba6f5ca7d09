import { networkOf } from './network.js';

describe('networkOf', () => {
  it('is the address itself in IPv4, also when mapped into IPv6', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  });

  it('is the /64 in IPv6, however it is written', () => {
    expect(networkOf('2001:db8:0:1::1')).toBe(networkOf('2001:0DB8::1:ffff:0:0:2'));
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'));
  });

  it('is one for everybody whose address is not known', () => {
    expect(networkOf(null)).toBe(networkOf('nonsense'));
  });
});
