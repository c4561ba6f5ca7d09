import { csvRecord } from './csv.js';

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])('%j is text, no formula', (text) => {
  expect(csvRecord([text])).toMatch(/^"?'/);
});

it('quotes what RFC 4180 says, and nothing else', () => {
  expect(csvRecord(['a', 'b,c', 'say "x"', 'two\nlines', null, 7, true])).toBe(
    'a,"b,c","say ""x""","two\nlines",,7,true\r\n',
  );
  expect(csvRecord(['\r=1'])).toBe('"\'\r=1"\r\n');
});
