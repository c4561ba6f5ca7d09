import type { Person } from './access-matrix.world.js';

/** Headers by which proxies and frameworks let clients say who they are, and what they want (AZ-05). */
export const IDENTITY_HEADERS = ({ id, tenantId }: Person): Record<string, string> => ({
  'x-user-id': id,
  'x-user': id,
  'x-remote-user': id,
  'remote-user': id,
  'x-forwarded-user': id,
  'x-auth-request-user': id,
  'x-authenticated-userid': id,
  'x-tenant-id': tenantId,
  'x-role': 'admin',
  'x-roles': 'admin',
  'x-admin': 'true',
  'x-forwarded-for': '127.0.0.1',
  'x-real-ip': '127.0.0.1',
  'x-original-url': '/api/v1/permissions',
  'x-rewrite-url': '/api/v1/permissions',
  'x-http-method-override': 'OPTIONS',
  cookie: `user=${id}; role=admin; impersonation=${id}`,
});

/** The path as somebody writes it who hopes that router and guard read it differently (AZ-06). */
export function otherSpellings(path: string): string[] {
  const cut = path.lastIndexOf('/') + 1;
  const [before, last] = [path.slice(0, cut), path.slice(cut)];
  const encodedFirst = (text: string): string => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
  return [
    path.replace('/api/', '/%61pi/'),
    `${before}${encodedFirst(last)}`,
    `${before}%25${last.charCodeAt(0).toString(16)}${last.slice(1)}`,
    `/${path}`,
    `${before}/${last}`,
    `${path}/`,
    path.toUpperCase(),
    `${path};x`,
    `${before}./${last}`,
    `${before}x/../${last}`,
    `${before}x%2f..%2f${last}`,
    `${path}%2f`,
    `${path}%00`,
    `${path}%20`,
    `${path}%5c`,
    `${path}.json`,
    `http://127.0.0.1${path}`,
  ];
}
