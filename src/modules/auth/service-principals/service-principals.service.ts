import { Injectable } from '@nestjs/common';
import { type AccessScope, StepUp } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import {
  bindingOf,
  Cursors,
  type Page,
  type PageQuery,
  TOTAL_CAP,
  totalsOf,
} from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound, VersionMismatch } from '../../../kernel/problem/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import {
  type ChangeServicePrincipal,
  type CreateServicePrincipal,
  ServicePrincipalView,
} from './service-principal.dto.js';
import type { ServicePrincipal } from './service-principal.entity.js';
import { ServiceCreated, ServiceDeleted, ServiceUpdated } from './service-principal.events.js';
import { ServicePrincipalsRepository } from './service-principals.repository.js';

/** Programs that act in their own name. */
@Injectable()
export class ServicePrincipalsService {
  constructor(
    private readonly services: ServicePrincipalsRepository,
    private readonly keys: ApiKeys,
    private readonly cursors: Cursors,
    private readonly stepUp: StepUp,
    private readonly events: EventLog,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async page(query: PageQuery, scope: AccessScope): Promise<Page<ServicePrincipalView>> {
    const { limit, total } = query;
    const binding = bindingOf('service-principals', scope.tenantId);
    const [before = null] = (this.cursors.positionOf(query, binding) ?? []) as string[];
    const services = await this.services.page(scope, before, limit + 1);
    const toView = (service: ServicePrincipal) => ServicePrincipalView.from(service);
    const page = this.cursors.page(services, limit, binding, (service) => [service.id], toView);
    if (total !== true) return page;
    return { ...page, ...totalsOf(await this.services.count(scope, TOTAL_CAP + 1)) };
  }

  /** @throws NotFound */
  async view(id: string, scope: AccessScope): Promise<ServicePrincipalView> {
    return ServicePrincipalView.from(found(await this.services.byId(id, scope)));
  }

  /** @throws ServiceNameTaken, StepUpRequired */
  @Transactional()
  async create(wish: CreateServicePrincipal, caller: Principal): Promise<ServicePrincipalView> {
    if (wish.isTerminalAuthorized === true || wish.isServerTerminalAuthorized === true)
      this.stepUp.require(caller);
    const now = this.clock.now();
    const service: ServicePrincipal = {
      id: this.ids.next(),
      tenantId: caller.tenantId,
      name: wish.name,
      description: wish.description ?? '',
      isActive: wish.isActive ?? true,
      isTerminalAuthorized: wish.isTerminalAuthorized ?? false,
      isServerTerminalAuthorized: wish.isServerTerminalAuthorized ?? false,
      createdBy: caller.id,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.services.add(service);
    await this.events.record(new ServiceCreated({ resourceId: service.id, detail: { name: service.name } }));
    return ServicePrincipalView.from(service);
  }

  /**
   * @param demanded the version that If-Match names, or null for any
   * @throws NotFound, VersionMismatch, ServiceNameTaken, StepUpRequired
   */
  @Transactional()
  async change(
    id: string,
    change: ChangeServicePrincipal,
    demanded: number | null,
    caller: Principal,
  ): Promise<ServicePrincipalView> {
    const service = current(await this.services.lock(id, caller), demanded);
    const differing = differences(service, change);
    const changed = Object.keys(differing).sort();
    if (changed.some((field) => TERMINAL_FLAGS.includes(field))) this.stepUp.require(caller);
    const columns = { ...differing, version: service.version + 1, updatedAt: this.clock.now() };
    await this.services.update(id, columns);
    await this.events.record(new ServiceUpdated({ resourceId: id, detail: { changed } }));
    await this.changes.announce('service', id);
    return ServicePrincipalView.from({ ...service, ...columns });
  }

  /**
   * For good, and its keys with it; what it did stays in the log under its id and name.
   *
   * @throws NotFound, VersionMismatch
   */
  @Transactional()
  async delete(id: string, demanded: number | null, caller: Principal): Promise<void> {
    const service = current(await this.services.lock(id, caller), demanded);
    const deletedKeys = await this.keys.deleteAllOf({ kind: 'service', id, tenantId: service.tenantId });
    await this.services.delete(id);
    await this.events.record(
      new ServiceDeleted({ resourceId: id, detail: { name: service.name, deletedKeys } }),
    );
    await this.changes.announce('service', id);
  }
}

const TERMINAL_FLAGS: readonly string[] = ['isTerminalAuthorized', 'isServerTerminalAuthorized'];
const CHANGEABLE = [
  'name',
  'description',
  'isActive',
  'isTerminalAuthorized',
  'isServerTerminalAuthorized',
] as const;

/** Sending a present value back changes nothing and needs no step-up. */
function differences(service: ServicePrincipal, change: ChangeServicePrincipal): Partial<ServicePrincipal> {
  const differing = CHANGEABLE.filter(
    (field) => change[field] !== undefined && change[field] !== service[field],
  );
  return Object.fromEntries(differing.map((field) => [field, change[field]]));
}

function found(service: ServicePrincipal | null): ServicePrincipal {
  if (service === null) throw new NotFound();
  return service;
}

function current(service: ServicePrincipal | null, demanded: number | null): ServicePrincipal {
  const { version } = found(service);
  if (demanded !== null && demanded !== version) throw new VersionMismatch(demanded, version);
  return found(service);
}
