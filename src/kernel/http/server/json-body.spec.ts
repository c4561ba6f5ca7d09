import fc from 'fast-check';
import { Problem } from '../../problem/index.js';
import { parseJsonBody } from './json-body.js';

const reachesPrototypes = /__proto__|constructor|prototype/;

function outcomeOf(text: string): unknown {
  try {
    return parseJsonBody(Buffer.from(text));
  } catch (refusal) {
    if (refusal instanceof Problem) return refusal.code;
    throw refusal;
  }
}

it('reads what JSON.parse reads, when nothing in it is dangerous', () => {
  const harmless = fc
    .json({ maxDepth: 8 })
    .filter((text) => !reachesPrototypes.test(text) && !text.includes('\\u'));
  fc.assert(fc.property(harmless, (text) => expect(outcomeOf(text)).toEqual(JSON.parse(text))));
});

it('answers any bytes with a value or a problem of ours', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void outcomeOf(text)));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1 }),
      (bytes) => void outcomeOf(Buffer.from(bytes).toString('latin1')),
    ),
  );
});

it('counts levels, not brackets in text', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(outcomeOf(nested(32))).toEqual(JSON.parse(nested(32)));
  expect(outcomeOf(nested(33))).toBe('too_deep');
  expect(outcomeOf('{"a":'.repeat(33) + '1' + '}'.repeat(33))).toBe('too_deep');
  expect(outcomeOf(JSON.stringify(`\\"${nested(50)}\\`))).toBe(`\\"${nested(50)}\\`);
});

it('takes up to 5,000 values, commas in text not counted', () => {
  const list = (values: number): string => `[${Array.from({ length: values }, () => '","').join(',')}]`;
  expect(outcomeOf(list(5_000))).toHaveLength(5_000);
  expect(outcomeOf(list(5_001))).toBe('validation_failed');
  expect(outcomeOf(`${list(5_001)}]`)).toBe('malformed_request');
});

it.each(['1e999', '-1e999', '[{"a": 10e308}]', `${'9'.repeat(250)}e99`, '9'.repeat(310)])(
  'refuses %s, which no number can hold',
  (text) => expect(outcomeOf(text)).toBe('malformed_request'),
);

it('takes numbers with exponents and digits in text', () =>
  expect(outcomeOf(`[1.5e300, 1e-999, "1e999", "${'9'.repeat(400)}"]`)).toEqual([
    1.5e300,
    0,
    '1e999',
    '9'.repeat(400),
  ]));

it.each([
  ['{"email":"a@example.com","email":"b@example.com"}', '/email'],
  ['{"email":1,"\\u0065mail":1}', '/email'],
  ['{"checks":[{},{"a/b":{"c":":","c":null}}]}', '/checks/1/a~1b/c'],
])('refuses %s, which says one thing twice', (text, pointer) =>
  expect(() => parseJsonBody(Buffer.from(text))).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ pointer, code: 'repeated_member' })] }),
  ),
);

it('an empty body is no body', () => expect(parseJsonBody(Buffer.alloc(0))).toBeUndefined());
