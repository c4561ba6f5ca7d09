/** The operators of the bundle that the tests load rxjs from. */
module.exports = require('rxjs').operators;
