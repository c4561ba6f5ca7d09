/**
 * Writes what we promise into contract/, from the build in dist. `--check` writes nothing and fails when the committed
 * files say something else, or when the OpenAPI document breaks a rule of the linters.
 *
 *   node scripts/contract.mjs [--check] [--dist directory]
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { accessTable } from '../tools/contract/access-table.mjs';
import { describeApplication } from '../tools/contract/described-application.mjs';
import { eventsCatalogue } from '../tools/contract/events-catalogue.mjs';
import { lineDifference } from '../tools/contract/line-difference.mjs';
import { lintOpenApi } from '../tools/contract/lint-openapi.mjs';
import { problemsPage } from '../tools/contract/problems-page.mjs';
import { schemaDump } from '../tools/contract/schema-dump.mjs';

const root = resolve(import.meta.dirname, '..');
const directory = join(root, 'contract');
const distArgument = process.argv.indexOf('--dist');
const dist = resolve(root, distArgument === -1 ? 'dist' : process.argv[distArgument + 1]);

if (!existsSync(join(dist, 'src/app.module.js'))) {
  console.error('There is no build: run `npm run build` first.');
  process.exit(1);
}

const files = await contractFiles();
const complaints = process.argv.includes('--check') ? differences(files) : written(files);
complaints.push(...lintComplaints(files['openapi.json']));
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);

async function contractFiles() {
  const application = await describeApplication(dist);
  return {
    'openapi.json': `${JSON.stringify(application.document, null, 2)}\n`,
    'access.txt': accessTable(application),
    'problems.md': problemsPage(application),
    'events.json': eventsCatalogue(application),
    'schema.sql': await schemaDump(dist),
  };
}

function written(contract) {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(contract)) writeFileSync(join(directory, name), text);
  return [];
}

function differences(contract) {
  const changed = Object.entries(contract).flatMap(([name, text]) => {
    const file = join(directory, name);
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return committed === text
      ? []
      : [`contract/${name} is not what the code promises:\n${lineDifference(committed, text)}\n`];
  });
  if (changed.length > 0) changed.push('If that is meant, run `npm run contract` and commit the result.');
  return changed;
}

function lintComplaints(text) {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, text);
    const complaints = lintOpenApi(file);
    return complaints === '' ? [] : [complaints];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
