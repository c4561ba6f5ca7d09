import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';

/** Route × permission × built-in role, one line each, to be reviewed like code. */
export function accessTable({ app, http, document, access }) {
  const paths = new Map(http.operationsOf(document).map(([path, { operationId }]) => [operationId, path]));
  const rows = http.handlersOf(app).map((route) => {
    const { controller, name, handler } = route;
    const path = paths.get(http.operationIdOf(controller.name, name)) ?? undocumentedPath(route);
    return rowOf(path, http.factsOf(controller, name, handler).access, access);
  });
  const header = ['route', 'permission', ...access.BUILT_IN_ROLES, 'step-up', 'credentials'];
  const sorted = rows.sort(([a], [b]) => (pathThenMethod(a) < pathThenMethod(b) ? -1 : 1));
  return `${EXPLANATION}\n${aligned([header, ...sorted])}\n`;
}

/** What operators and monitoring ask is no part of the API document and lies outside its prefix. */
function undocumentedPath({ controller, handler }) {
  const steps = [controller, handler].map((target) => Reflect.getMetadata(PATH_METADATA, target)).filter((step) => step !== '/' && step !== '');
  return `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]} /${steps.join('/')}`;
}

const EXPLANATION = `# Who may call what. Generated from the declarations of the routes; a change here is a change of rights.
# ✔ the built-in role may, ✘ it may not. "signed in" asks for no permission and reaches only what is the caller's own.
`;

function rowOf(path, declared, { BUILT_IN_ROLES, permissionCatalogue }) {
  if (declared.kind === 'public') return [path, 'public', ...BUILT_IN_ROLES.map(() => '✔'), '-', declared.carriesCredentials ? 'carries them' : '-'];
  const stepUp = declared.sensitive ? 'yes' : '-';
  const keysCount = !declared.sensitive || declared.namesCredentials;
  const credentials = declared.credentials.filter((kind) => kind === 'session' || keysCount).join(' ');
  if (declared.permission === null) return [path, 'signed in', ...BUILT_IN_ROLES.map(() => '✔'), stepUp, credentials];
  const permission = permissionCatalogue.get(String(declared.permission));
  return [path, permission.name, ...BUILT_IN_ROLES.map((role) => (permission.isHeldBy(role) ? '✔' : '✘')), stepUp, credentials];
}

function pathThenMethod(route) {
  const [method, path] = route.split(' ');
  return `${path} ${method}`;
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}
