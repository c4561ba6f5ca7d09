export interface Answer<Body = never> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null when there was none. Typed by the test that knows what it asked for. */
  readonly body: Body;
}

/** What tests read from bodies they do not describe further. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test states what it expects by asserting, not by types
export type AnyBody = any;

export interface RequestExtras {
  readonly headers?: Record<string, string>;
}

/** Real HTTP against a running application; paths are below /api/v1 unless they start with `//`. */
export class HttpClient {
  constructor(
    readonly baseUrl: string,
    private readonly token: string | null = null,
  ) {}

  /** The same server, as somebody. */
  as(credential: string | { readonly accessToken: string }): HttpClient {
    return new HttpClient(this.baseUrl, typeof credential === 'string' ? credential : credential.accessToken);
  }

  /** The same credential, at another server. */
  at(baseUrl: string): HttpClient {
    return new HttpClient(baseUrl, this.token);
  }

  get = (path: string, extras?: RequestExtras) => this.send('GET', path, undefined, extras);
  post = (path: string, body?: unknown, extras?: RequestExtras) => this.send('POST', path, body, extras);
  put = (path: string, body?: unknown, extras?: RequestExtras) => this.send('PUT', path, body, extras);
  patch = (path: string, body?: unknown, extras?: RequestExtras) => this.send('PATCH', path, body, extras);
  delete = (path: string, extras?: RequestExtras) => this.send('DELETE', path, undefined, extras);

  async send(
    method: string,
    path: string,
    body?: unknown,
    extras: RequestExtras = {},
  ): Promise<Answer<AnyBody>> {
    const headers = new Headers(extras.headers);
    if (this.token !== null) headers.set('authorization', `Bearer ${this.token}`);
    if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
    const response = await fetch(this.urlOf(path), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text || null,
    };
  }

  private urlOf(path: string): string {
    return path.startsWith('//') ? `${this.baseUrl}${path.slice(1)}` : `${this.baseUrl}/api/v1${path}`;
  }
}

/** The headers of an optimistic update. */
export const ifMatch = (version: number): RequestExtras => ({ headers: { 'if-match': `"${version}"` } });
