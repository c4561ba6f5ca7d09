/** For probes and scrapers: they must get through when nobody else does, and on processes that serve nobody else. */
export const OPERATOR_ROUTES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/startupz', '/metrics']);
