/** The tenant of an installation that has only one; the first migration inserts it under the slug `default`. */
export const DEFAULT_TENANT_ID = '00000000-0000-7000-8000-000000000001';
