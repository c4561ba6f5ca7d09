import fc from 'fast-check';
import { depthOf, repeatsMember } from './json-members.js';

describe('repeatsMember', () => {
  it.each([
    '{"sub":"a","sub":"b"}',
    '{"a":{"x":1,"x":1}}',
    '[{"x":[1,{"y":1,"y":2}]}]',
    '{"sub":1,"\\u0073ub":2}',
    '{ "a" : 1 , "b" : "," , "a" : 2 }',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a\\"":1,"a\\"":2}',
  ])('finds it in %s', (json) => {
    expect(repeatsMember(json)).toBe(true);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":["a","a"]}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"{\\"b\\":1,\\"b\\":2}"}',
    '{"a":[1,2],"b":["a","b"]}',
  ])('finds none in %s', (json) => {
    expect(repeatsMember(json)).toBe(false);
  });

  it('finds none in anything written by JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(repeatsMember(JSON.stringify(value))).toBe(false)),
    );
  });
});

describe('depthOf', () => {
  it('counts open brackets, not those inside strings', () => {
    expect(depthOf('1')).toBe(0);
    expect(depthOf('{"a":"[[["}')).toBe(1);
    expect(depthOf('[{"a":[]},[]]')).toBe(3);
  });
});
