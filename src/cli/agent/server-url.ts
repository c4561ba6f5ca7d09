import { Failure } from './failure.js';

/** Where `npm start` listens. */
export const DEFAULT_SERVER = 'http://127.0.0.1:3000';

/** The base address without a slash at its end. @throws Failure */
export function serverUrl(text: string): string {
  if (!URL.canParse(text)) throw new Failure(`${text} is no address; write https://reeve.example.org.`);
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '')
    throw new Failure(`${text} is no address of a server; write https://reeve.example.org.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether a key sent there could be read on the way. */
export function isInTheClear(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
