/** Who may import whom. The table itself is data in module-graph.json; docs/architecture.md is drawn from the same file. */
const { modules } = require('./module-graph.json');

const moduleRules = Object.entries(modules).map(([name, mayImport]) => ({
  name: `${name}-imports-only-its-neighbours`,
  comment: `src/modules/${name} may import the kernel${mayImport.length > 0 ? ` and ${mayImport.join(', ')}` : ' only'}.`,
  severity: 'error',
  from: { path: `^src/modules/${name}/` },
  to: { path: '^src/modules/', pathNot: `^src/modules/(${[name, ...mayImport].join('|')})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'With ESM and decorator metadata an import cycle between classes crashes at start.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'kernel-knows-no-module',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^src/(modules|app\\.module|main)' },
    },
    {
      name: 'modules-through-their-index',
      comment: 'The index is the only file of a module that others may import.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/([^/]+)/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'undeclared-module',
      comment: 'Add a new module to module-graph.json, with what it may import.',
      severity: 'error',
      from: { path: '^src/modules/', pathNot: `^src/modules/(${Object.keys(modules).join('|')})/` },
      to: {},
    },
    ...moduleRules,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
