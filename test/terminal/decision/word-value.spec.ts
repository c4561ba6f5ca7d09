import { parse, type Word } from 'unbash';
import { signsIn } from '../../../src/modules/terminal/decision/text/signs.js';
import { valueOf } from '../../../src/modules/terminal/decision/text/word-value.js';
import { readCorpus } from './deciding.js';

/** The words of the simple commands a text begins with, as the parser gives them. */
function wordsIn(text: string): Word[] {
  return parse(text).commands.flatMap(({ command }) =>
    command.type === 'Command'
      ? [command.name, ...command.suffix].filter((item): item is Word => item?.type === 'Word')
      : [],
  );
}

describe('the value of a word', () => {
  it('is what the parser says, also where the parser is not asked', () => {
    const texts = ['terminal-policy.json', 'own.json', 'disguises.json'].flatMap((name) =>
      readCorpus(name).flatMap(({ command }) => (typeof command === 'string' ? [command] : [])),
    );
    const words = texts.flatMap(wordsIn);
    expect(words.length).toBeGreaterThan(1_000);
    for (const word of words)
      expect([word.text, valueOf(word, signsIn(word.text))]).toEqual([word.text, word.value]);
  });

  it('is what the parser says for every short word of characters that mean something', () => {
    const characters = [...`a"'\\$\`({})*?[]~=!#<,`];
    let words: string[] = [''];
    for (let length = 1; length <= 4; length++) {
      words = words.flatMap((word) => characters.map((character) => word + character));
      const some = length < 4 ? words : words.filter((_, index) => index % 17 === 0);
      for (const text of some)
        for (const word of wordsIn(`x ${text}`)) {
          const value = valueOf(word, signsIn(word.text));
          if (value !== word.value) expect([text, value]).toEqual([text, word.value]);
        }
    }
  });
});
