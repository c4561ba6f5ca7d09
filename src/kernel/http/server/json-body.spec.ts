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

it('an empty body is no body', () => expect(parseJsonBody(Buffer.alloc(0))).toBeUndefined());
