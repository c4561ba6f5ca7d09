/**
 * Draws the modules that exist, and the arrows module-graph.json allows between them, into docs/architecture.md.
 *
 *   node scripts/module-graph.mjs           writes
 *   node scripts/module-graph.mjs --check   exits 1 when the drawing is out of date
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const document = join(root, 'docs', 'architecture.md');
const { modules } = JSON.parse(readFileSync(join(root, 'module-graph.json'), 'utf8'));

const present = Object.keys(modules).filter((name) => existsSync(join(root, 'src', 'modules', name)));
const arrows = present.flatMap((name) => [
  `  ${name} --> kernel`,
  ...modules[name].filter((other) => present.includes(other)).map((other) => `  ${name} --> ${other}`),
]);
const drawing = [
  '<!-- module graph: begin -->',
  '',
  '```mermaid',
  'graph TD',
  ...arrows,
  '```',
  '',
  '<!-- module graph: end -->',
].join('\n');

const before = readFileSync(document, 'utf8');
const after = before.replace(/<!-- module graph: begin -->[^]*<!-- module graph: end -->/, drawing);
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('docs/architecture.md is out of date: run node scripts/module-graph.mjs');
    process.exit(1);
  }
} else writeFileSync(document, after);
