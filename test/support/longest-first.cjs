const { default: Sequencer } = require('@jest/test-sequencer');

/** What starts and ends whole processes takes longest; begun last, it would keep one worker busy and the other waiting. */
const FIRST = [/hostile-input/, /test\/(?:faults|packaging)\//];

const rankOf = ({ path }) => {
  const rank = FIRST.findIndex((pattern) => pattern.test(path.replaceAll('\\', '/')));
  return rank === -1 ? FIRST.length : rank;
};

/** Jest goes by how long the files took before, which a fresh clone does not know, and then by their size. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rankOf(one) - rankOf(other));
  }
};
