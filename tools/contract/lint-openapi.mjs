import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Runs Spectral (its rules for OpenAPI) and Redocly over the document. @returns {string} the complaints; '' when there are none */
export function lintOpenApi(file) {
  return [
    run('@stoplight/spectral-cli', 'spectral', ['lint', file, '--ruleset', join(root, '.spectral.yaml'), '--fail-severity', 'hint', '--quiet']),
    run('@redocly/cli', 'redocly', ['lint', file, '--config', join(root, 'redocly.yaml'), '--format', 'stylish', '--max-problems', '50']),
  ].join('');
}

function run(packageName, command, args) {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin } = createRequire(import.meta.url)(manifest);
  const script = join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', FORCE_COLOR: '0', NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, ...quiet } });
  return status === 0 && !/\bwarning/i.test(stdout) ? '' : `${command}:\n${stdout}${stderr}\n`;
}
