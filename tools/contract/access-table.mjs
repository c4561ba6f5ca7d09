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
  const header = ['route', 'permission', 'anonymous', ...access.BUILT_IN_ROLES, 'step-up', 'impersonation', 'credentials'];
  const sorted = rows.sort(([a], [b]) => (pathThenMethod(a) < pathThenMethod(b) ? -1 : 1));
  return `${EXPLANATION}\n${aligned([header, ...sorted])}\n`;
}

/** What operators and monitoring ask is no part of the API document and lies outside its prefix. */
function undocumentedPath({ controller, handler }) {
  const steps = [controller, handler].map((target) => Reflect.getMetadata(PATH_METADATA, target)).filter((step) => step !== '/' && step !== '');
  return `${RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]} /${steps.join('/')}`;
}

const EXPLANATION = `# Who may call what. Generated from the declarations of the routes; a change here is a change of rights.
# ✔ may, ✘ may not. "signed in" asks for no permission and reaches only what is the caller's own.
# step-up: asks for a proof of identity not older than 15 minutes. impersonation: may be called by who acts as another user.
# What each cell means for one's own, others' and other tenants' things is in test/rbac/access-matrix.table.txt, which a test walks.
`;

function rowOf(path, declared, access) {
  const { BUILT_IN_ROLES, isOpenToImpersonation } = access;
  const may = (role) => (isHeldBy(role, declared, access) ? '✔' : '✘');
  const isPublic = declared.kind === 'public';
  const stepUp = declared.sensitive ? 'yes' : '-';
  const impersonation = isPublic ? '-' : isOpenToImpersonation(declared) ? '✔' : '✘';
  return [path, permissionOf(declared), isPublic ? '✔' : '✘', ...BUILT_IN_ROLES.map(may), stepUp, impersonation, credentialsOf(declared)];
}

function permissionOf({ kind, permission }) {
  if (kind === 'public') return 'public';
  return permission === null ? 'signed in' : String(permission);
}

function isHeldBy(role, { kind, permission }, { permissionCatalogue }) {
  if (kind === 'public' || permission === null) return true;
  // Whoever is signed in is a member.
  return ['member', role].some((held) => permissionCatalogue.get(String(permission)).isHeldBy(held));
}

function credentialsOf({ kind, carriesCredentials, sensitive, namesCredentials, credentials }) {
  if (kind === 'public') return carriesCredentials ? 'carries them' : '-';
  const keysCount = !sensitive || namesCredentials;
  return credentials.filter((one) => one === 'session' || keysCount).join(' ');
}

function pathThenMethod(route) {
  const [method, path] = route.split(' ');
  return `${path} ${method}`;
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}
