import { OutputRecord } from '../../../src/modules/terminal/execution/output/output-record.js';
import type { Piece } from '../../../src/modules/terminal/execution/output/output.repository.js';

describe('What is kept of an output', () => {
  it('is whole when the word that a piece was kept is lost and more comes behind it', async () => {
    const kept = new Map<number, Buffer>();
    const answers = ['lost', 'heard'];
    const record = new OutputRecord((pieces: readonly Piece[]) => {
      // As the table has it: a piece that is there already stays as it is.
      for (const { byteOffset, data } of pieces) if (!kept.has(byteOffset)) kept.set(byteOffset, data);
      return answers.shift() === 'lost' ? Promise.reject(new Error('connection lost')) : Promise.resolve();
    });

    record.take('stdout', Buffer.from('before '));
    while (answers.length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    record.take('stdout', Buffer.from('behind'));
    await record.stored();

    const places = [...kept].sort(([one], [other]) => one - other);
    expect(Buffer.concat(places.map(([, data]) => data)).toString()).toBe('before behind');
    expect(places.map(([offset]) => offset)).toEqual([0, 7]);
  });
});
