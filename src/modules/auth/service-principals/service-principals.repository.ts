import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../kernel/access/index.js';
import { columnsOf, Database, refusing, statement } from '../../../kernel/database/index.js';
import { LAST_ID } from '../../../kernel/runtime/index.js';
import { uniqueServiceName } from './service-principal.errors.js';
import { ServicePrincipal } from './service-principal.entity.js';

const COLUMNS = columnsOf(ServicePrincipal);
const OF_TENANT = `SELECT ${COLUMNS} FROM service_principals WHERE tenant_id = $1`;

const byId = statement<ServicePrincipal>('service_by_id', `${OF_TENANT} AND id = $2`);
const lock = statement<ServicePrincipal>('service_lock', `${OF_TENANT} AND id = $2 FOR NO KEY UPDATE`);
const page = statement<ServicePrincipal>(
  'service_page',
  `${OF_TENANT} AND id < $2 ORDER BY id DESC LIMIT $3`,
);
const count = statement<{ count: number }>(
  'service_count',
  'SELECT count(*)::integer AS count FROM (SELECT FROM service_principals WHERE tenant_id = $1 LIMIT $2) AS counted',
);
const remove = statement('service_delete', 'DELETE FROM service_principals WHERE id = $1');

/** Services are looked up within one tenant, always. */
@Injectable()
export class ServicePrincipalsRepository {
  constructor(private readonly database: Database) {}

  byId(id: string, scope: TenantScope): Promise<ServicePrincipal | null> {
    return this.database.readOne(byId, [scope.tenantId, id]);
  }

  /** The row, held until the transaction ends. */
  lock(id: string, scope: TenantScope): Promise<ServicePrincipal | null> {
    return this.database.writeOne(lock, [scope.tenantId, id]);
  }

  /** Newest first, those older than `before`. */
  page(scope: TenantScope, before: string | null, limit: number): Promise<ServicePrincipal[]> {
    return this.database.read(page, [scope.tenantId, before ?? LAST_ID, limit]);
  }

  /** Counts no further than `limit`. */
  async count(scope: TenantScope, limit: number): Promise<number> {
    return (await this.database.readOne(count, [scope.tenantId, limit]))?.count ?? 0;
  }

  /** @throws ServiceNameTaken */
  async add(service: ServicePrincipal): Promise<void> {
    await refusing(this.database.entities(ServicePrincipal).insert(service), uniqueServiceName);
  }

  /** @throws ServiceNameTaken */
  async update(id: string, change: Partial<ServicePrincipal>): Promise<void> {
    await refusing(this.database.entities(ServicePrincipal).update({ id }, change), uniqueServiceName);
  }

  async delete(id: string): Promise<void> {
    await this.database.write(remove, [id]);
  }
}
