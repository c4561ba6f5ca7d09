/**
 * Lints and type-checks everything. Both ask the same TypeScript program, which is read, bound and checked once: the
 * rules that know types and the compiler would otherwise each do all of it.
 *
 *   node scripts/lint.mjs
 */
import { ESLint } from 'eslint';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const configFile = join(root, 'tsconfig.json');
const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  },
};

const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(
  configFile,
  { noEmit: true },
  host,
);
// The parser wants the parents of its nodes.
const program = ts.createProgram({
  rootNames: fileNames,
  options,
  configFileParsingDiagnostics: errors,
  host: ts.createCompilerHost(options, true),
});

const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, programs: [program] } },
  },
});
const results = await eslint.lintFiles(['.']);
const formatter = await eslint.loadFormatter('stylish');
const said = await formatter.format(results);
const typeErrors = ts.getPreEmitDiagnostics(program);

process.stdout.write(said);
process.stdout.write(
  ts.formatDiagnostics(typeErrors, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  }),
);
// A warning is as bad as an error.
process.exitCode =
  typeErrors.length === 0 && results.every((one) => one.errorCount + one.warningCount === 0) ? 0 : 1;
