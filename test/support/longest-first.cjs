const { default: Sequencer } = require('@jest/test-sequencer');

/** Begun last, it would keep one worker busy and the others waiting. */
const LONGEST = /hostile-input/;
/** They start and end whole processes, which takes long and keeps all processors busy. */
const WITH_PROCESSES = /test\/(?:faults|packaging|agents|walks)\//;
/** What is short is left for the end. */
const SHARE_IN_BETWEEN = 2 / 3;

const pathOf = ({ path }) => path.replaceAll('\\', '/');

/**
 * Jest goes by how long the files took before, which a fresh clone does not know, and then by their size. Here what starts
 * processes is spread among the rest, most of which waits, so that the processors are neither idle nor overcrowded.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = [...super.sort(tests)];
    const longest = sorted.filter((test) => LONGEST.test(pathOf(test)));
    const others = sorted.filter((test) => !longest.includes(test));
    const withProcesses = others.filter((test) => WITH_PROCESSES.test(pathOf(test)));
    const rest = others.filter((test) => !withProcesses.includes(test));
    const inBetween = Math.floor((rest.length / Math.max(1, withProcesses.length)) * SHARE_IN_BETWEEN);
    const spread = withProcesses.flatMap((test) => [test, ...rest.splice(0, inBetween)]);
    return [...longest, ...spread, ...rest];
  }
};
