/** Says what happens and shows the HTTP exchange behind it. */
const bold = (text) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

export const chapter = (title) => console.log(`\n${bold(title)}`);
export const say = (sentence) => console.log(`  ${sentence}`);

/** A person or program at the other end of the wire; remembers only its own credential. */
export class Caller {
  constructor(base, name, token = null) {
    this.base = base;
    this.name = name;
    this.token = token;
  }

  withToken(token) {
    return new Caller(this.base, this.name, token);
  }

  /** @returns {Promise<any>} the body; throws when the status is not the expected one, so that a demo cannot lie. */
  async call(method, path, { body, expect = 200, headers = {} } = {}) {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = text === '' ? null : JSON.parse(text);
    const code = response.ok ? '' : ` ${answer?.code ?? ''}`;
    console.log(`    ${this.name}: ${method} ${path} → ${response.status}${code}`);
    if (response.status !== expect)
      throw new Error(`${method} ${path}: expected ${expect}, got ${response.status} ${text}`);
    return answer;
  }
}
