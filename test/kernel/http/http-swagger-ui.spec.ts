import { existsSync } from 'node:fs';
import { type Browser, chromium, type ConsoleMessage, type Page } from 'playwright-core';
import { type Actor, setUp } from '../../support/actors.js';
import { startApp, type TestApp } from '../../support/app.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let app: TestApp;
let ada: Actor;

beforeAll(async () => {
  app = await startApp({ configuration: { docs: true } });
  ada = await setUp(app);
});

afterAll(() => app?.close());

it('the page forbids everything inline and everything from elsewhere', async () => {
  const page = await fetch(`${app.url}/docs`);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(await page.text()).not.toMatch(/<script>|<style|style=|onload=|https?:\/\//);
});

it.each([
  '../../package.json',
  '..%2f..%2fpackage.json',
  'swagger-initializer.js',
  'index.html',
  'constructor',
  '__proto__',
])('/docs/%s is no file of the documentation', async (name) =>
  expect((await fetch(`${app.url}/docs/${name}`)).status).toBe(404),
);

it('serves the document it shows', async () => {
  const document = await fetch(`${app.url}/openapi.json`);
  expect(document.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await document.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Reeve API' } });
});

const inBrowser = CHROMIUM === undefined ? describe.skip : describe;

inBrowser(
  CHROMIUM === undefined ? 'in Chromium: SKIPPED, there is no Chromium on this machine' : 'in Chromium',
  () => {
    let browser: Browser;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    });

    afterAll(() => browser?.close());

    beforeEach(async () => {
      page = await browser.newPage();
      complaints = [];
      page.on('console', (message: ConsoleMessage) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
    });

    afterEach(() => page.close());

    it('a person authorises with a token, executes a call and sees 200, with nothing on the console', async () => {
      await page.goto(`${app.url}/docs`);
      await page.getByRole('button', { name: 'Authorize' }).first().click();
      const scheme = page.locator('.auth-container').filter({ hasText: 'accessToken' });
      await scheme.getByRole('textbox').fill(ada.tokens.accessToken);
      await scheme.getByRole('button', { name: /apply credentials|authorize/i }).click();
      await page.getByRole('button', { name: 'Close' }).first().click();

      const operation = page.locator('#operations-Authentication-meWhoAmI');
      await operation.locator('.opblock-summary-control').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      const answer = operation.locator('.live-responses-table');
      await expect(answer.locator('.response-col_status').nth(1).innerText()).resolves.toMatch(/^200/);
      await expect(answer.innerText()).resolves.toContain('"username": "ada"');
      expect(complaints).toEqual([]);
    }, 60_000);

    it('takes no other document from its address and keeps no token', async () => {
      await page.goto(
        `${app.url}/docs?url=https://evil.example/openapi.json&configUrl=https://evil.example/config.json`,
      );
      await page.locator('.opblock').first().waitFor();
      expect(await page.locator('.info .title').innerText()).toContain('Reeve API');
      expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
      expect(complaints).toEqual([]);
    }, 60_000);
  },
);
