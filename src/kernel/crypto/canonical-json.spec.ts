import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('sorts members by UTF-16 code units, as RFC 8785 does, at every depth', () => {
    expect(
      canonicalJson({ b: [{ z: 1, a: 2 }], '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\u{1f600}': 5, ö: 6 }),
    ).toBe('{"\\r":2,"1":4,"b":[{"a":2,"z":1}],"ö":6,"€":1,"😀":5,"\ufb33":3}');
  });

  it('writes numbers in the shortest form', () => {
    expect(
      canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0]),
    ).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });

  it('gives the same text whatever the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
        const turned = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(members));
        expect(canonicalJson(JSON.parse(canonicalJson(members)))).toBe(canonicalJson(members));
      }),
    );
  });

  it.each([[undefined], [NaN], [Infinity], [{ a: NaN }], ['\ud800'], [{ '\udc00': 1 }], [() => 1], [1n]])(
    'refuses %p, which JSON cannot say',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );

  it('takes an escaped text that only looks like a lone surrogate', () => {
    expect(canonicalJson('\\ud800')).toBe('"\\\\ud800"');
  });
});
