/**
 * What the clients know, written down before and after each request: the only witness against the service. An operation
 * has one try, or several with the same Idempotency-Key.
 *
 * @typedef {object} Operation
 * @property {number} number
 * @property {string} kind     action of the audit entry that it must leave
 * @property {string[]} requestIds  one per try
 * @property {boolean} acknowledged
 * @property {any} answer      body of the acknowledgement
 * @property {any} intent      what was asked for
 */
import { appendFileSync } from 'node:fs';

export class Journal {
  /** @type {Operation[]} */
  operations = [];
  acknowledged = 0;
  /** Answers that are neither a success nor "try again". */
  wrongAnswers = [];
  /** How often each status came; `none` is a connection that broke. */
  statuses = {};

  constructor(file) {
    this.file = file;
  }

  begin(kind, intent) {
    const operation = {
      number: this.operations.length,
      kind,
      requestIds: [],
      acknowledged: false,
      answer: null,
      intent,
    };
    this.operations.push(operation);
    return operation;
  }

  tried(operation, requestId) {
    operation.requestIds.push(requestId);
    this.write({ tried: operation.kind, requestId, intent: operation.intent });
  }

  answered(operation, status, body) {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status === 'none' || status === 503) return;
    if (status < 200 || status > 299) {
      this.wrongAnswers.push({ kind: operation.kind, status, body });
      return;
    }
    this.write({ acknowledged: operation.kind, requestId: operation.requestIds.at(-1), status });
    operation.acknowledged = true;
    operation.answer = body;
    this.acknowledged += 1;
  }

  write(line) {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
