import { type Document, operationsOf } from '../../src/kernel/http/index.js';
import { setUp } from '../support/actors.js';
import { startApp, type TestApp } from '../support/app.js';
import { examplesOf } from './examples-of.js';

const NOBODYS_ID = '01936f5e-7b5c-7c3a-9d61-6f1d6f6f3cff';
/** What says that a body is not understood, whatever it is about. */
const NOT_UNDERSTOOD = new Set([400, 415, 422]);
/** What an example cannot know: identifiers that are there, tokens and codes that were given out. */
const NOT_HERE = new Set([
  'unknown_subject',
  'unknown_principal',
  'unknown_role',
  'unknown_command',
  'invalid_token',
  'expired_token',
]);

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('shows bodies that can be sent as they stand', async () => {
  const ada = await setUp(app);
  const document = (await app.http.get('//openapi.json')).body as Document;
  const refused: unknown[] = [];
  let sent = 0;
  for (const [route, { requestBody }] of operationsOf(document)) {
    const [method, template] = route.split(' ');
    const path = template.replace('{userCode}', 'BCDF-GHJK').replaceAll(/\{[^}]+\}/g, NOBODYS_ID);
    for (const example of Object.values(requestBody?.content ?? {}).flatMap(examplesOf)) {
      const { status, body } = await ada.http.send(method, `/${path}`, example, {
        headers: { 'if-match': '*' },
      });
      sent += 1;
      const { code, errors } = (body ?? {}) as { code: string; errors?: { code: string }[] };
      const faults = (errors ?? [{ code }]).filter((fault) => !NOT_HERE.has(fault.code));
      if (NOT_UNDERSTOOD.has(status) && faults.length > 0) refused.push({ route, code, faults });
    }
  }
  expect(refused).toEqual([]);
  expect(sent).toBeGreaterThan(30);
});
