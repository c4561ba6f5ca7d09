/** The whole of es-toolkit/compat out of the one file it is also published as; its parts are some six hundred files. */
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const bundle = join(dirname(require.resolve('es-toolkit')), 'browser.global.js');
module.exports = new Function(`${readFileSync(bundle, 'utf8')}; return _;`)();
