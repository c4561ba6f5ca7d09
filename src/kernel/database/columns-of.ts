import { getMetadataArgsStorage } from 'typeorm';
import { snakeCase } from './snake-case-names.js';

/**
 * The column list of an entity for a prepared statement, with each column under the name of its property, so that a
 * row has the entity's shape: `"id", "tenant_id" AS "tenantId"`. Values are as `pg` gives them: bigint and numeric are
 * text, timestamptz is Date, bytea is Buffer; column transformers are not applied.
 *
 * @param alias table alias in front of each column
 */
export function columnsOf(entity: abstract new (...args: never[]) => object, alias?: string): string {
  const columns = getMetadataArgsStorage().filterColumns(inheritanceOf(entity));
  if (columns.length === 0) throw new Error(`${entity.name} declares no columns`);
  const prefix = alias === undefined ? '' : `${alias}.`;
  return columns
    .map(({ propertyName, options }) => ({ propertyName, column: options.name ?? snakeCase(propertyName) }))
    .map(({ propertyName, column }) =>
      column === propertyName ? `${prefix}"${column}"` : `${prefix}"${column}" AS "${propertyName}"`,
    )
    .join(', ');
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own storage is keyed by Function
function inheritanceOf(entity: Function): Function[] {
  const parent = Object.getPrototypeOf(entity) as Function | null; // eslint-disable-line @typescript-eslint/no-unsafe-function-type
  return parent === null || parent === Function.prototype ? [entity] : [entity, ...inheritanceOf(parent)];
}
