import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditModule } from '../../../src/modules/audit/index.js';
import { startKernelApp } from '../../support/kernel-app.js';

/** Exports a part of the log to warm up, then the whole in each format, and prints how much memory that took. */
async function main(ownerUrl: string, runtimeUrl: string): Promise<void> {
  const database = { ownerUrl, runtimeUrl, drop: () => Promise.resolve() };
  const kernel = await startKernelApp({ imports: [AuditModule] }, database);
  const { app, tokens } = kernel;
  const headers = tokens.issue('auditor', { may: ['audit.read'] });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const take = (query: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const url = `http://127.0.0.1:${port}/api/v1/audit/export${query}`;
      request(url, { headers }, (response) => {
        let lines = 0;
        response.on('data', (chunk: Buffer) => {
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
          largest = Math.max(largest, process.memoryUsage().rss);
        });
        response.on('end', () => resolve(lines)).on('error', reject);
      })
        .on('error', reject)
        .end();
    });
  let largest = 0;
  await take('?toSeq=5000&format=json');
  const before = process.memoryUsage().rss;
  largest = before;
  const lines = [await take('?format=csv'), await take('?format=json'), await take('')];
  process.stdout.write(`${JSON.stringify({ lines, grewBy: largest - before })}\n`);
  await kernel.close();
}

const [ownerUrl, runtimeUrl] = process.argv.slice(2);
void main(ownerUrl, runtimeUrl);
