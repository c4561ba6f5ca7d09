import { AddressList, isCidr } from './address-list.js';

describe('isCidr', () => {
  it.each(['203.0.113.0/24', '203.0.113.7/32', '0.0.0.0/0', '2001:db8::/32', '::1/128'])(
    'accepts %s',
    (text) => expect(isCidr(text)).toBe(true),
  );

  it.each([
    '203.0.113.0',
    '203.0.113.0/33',
    '203.0.113.0/024',
    '1.2.3/8',
    '0x7f.0.0.1/8',
    '::/129',
    'fe80::1%eth0/64',
    '',
    '/8',
    'a/b/c',
    '1.2.3.4/8/8',
  ])('refuses %p', (text) => expect(isCidr(text)).toBe(false));
});

describe('AddressList', () => {
  const list = new AddressList(['203.0.113.0/24', '2001:db8::/32']);

  it('includes the addresses of its networks', () => {
    expect(list.includes('203.0.113.9')).toBe(true);
    expect(list.includes('2001:db8:1::5')).toBe(true);
  });

  it('excludes every other address, and an unknown one', () => {
    expect(list.includes('203.0.114.9')).toBe(false);
    expect(list.includes('2001:db9::1')).toBe(false);
    expect(list.includes('nonsense')).toBe(false);
    expect(list.includes(null)).toBe(false);
  });

  it('reads an IPv4 address that an IPv6 socket shows', () => {
    expect(list.includes('::ffff:203.0.113.9')).toBe(true);
    expect(list.includes('::ffff:203.0.114.9')).toBe(false);
  });
});
