import fc from 'fast-check';
import { depthOf, repeatedMember } from './json-members.js';

describe('repeatedMember', () => {
  it.each<[string, (string | number)[]]>([
    ['{"sub":"a","sub":"b"}', ['sub']],
    ['{"a":{"x":1,"x":1}}', ['a', 'x']],
    ['[{"x":[1,{"y":1,"y":2}]}]', [0, 'x', 1, 'y']],
    ['[{"x":{}},[],{"y":["",{}],"z":[{"y":[1,2]},{"y":1,"y":2}]}]', [2, 'z', 1, 'y']],
    ['{"sub":1,"\\u0073ub":2}', ['sub']],
    ['{ "a" : 1 , "b" : "," , "a" : 2 }', ['a']],
    ['{"":1,"":2}', ['']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{"a\\"":1,"a\\"":2}', ['a"']],
  ])('finds it in %s', (json, place) => {
    expect(repeatedMember(json)).toEqual(place);
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
    expect(repeatedMember(json)).toBeNull();
  });

  it('finds none in anything written by JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(repeatedMember(JSON.stringify(value))).toBeNull()),
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
