import { Injectable } from '@nestjs/common';
import { type AccessScope, Policy } from '../../../kernel/access/index.js';
import { Transactional } from '../../../kernel/database/index.js';
import type { Page, PageQuery } from '../../../kernel/http/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { NotFound } from '../../../kernel/problem/index.js';
import type { ApiKeyView, CreateApiKey, NewApiKeyView, RotateApiKey } from '../api-keys/api-key.dto.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import type { KeyOwner } from '../api-keys/api-keys.repository.js';
import { exceeds, heldBy } from '../users/ranks.js';
import { TargetOutranksCaller } from '../users/user.errors.js';
import { ServicePrincipalsRepository } from './service-principals.repository.js';

/** The keys of a service, in the hands of those who look after it. Each method throws NotFound for a service there is not. */
@Injectable()
export class ServiceKeys {
  constructor(
    private readonly services: ServicePrincipalsRepository,
    private readonly keys: ApiKeys,
    private readonly policy: Policy,
  ) {}

  async page(serviceId: string, query: PageQuery, scope: AccessScope): Promise<Page<ApiKeyView>> {
    if ((await this.services.byId(serviceId, scope)) === null) throw new NotFound();
    return this.keys.page(query, { kind: 'service', id: serviceId, tenantId: scope.tenantId });
  }

  async view(serviceId: string, keyId: string, scope: AccessScope): Promise<ApiKeyView> {
    return this.keys.view(keyId, { kind: 'service', id: serviceId, tenantId: scope.tenantId });
  }

  /** @throws TargetOutranksCaller */
  @Transactional()
  async create(serviceId: string, wish: CreateApiKey, caller: Principal): Promise<NewApiKeyView> {
    return this.keys.create(wish, await this.heldBelow(serviceId, caller), caller);
  }

  /** @throws TargetOutranksCaller */
  @Transactional()
  async rotate(
    serviceId: string,
    keyId: string,
    wish: RotateApiKey,
    caller: Principal,
  ): Promise<NewApiKeyView> {
    return this.keys.rotate(keyId, wish, await this.heldBelow(serviceId, caller), caller);
  }

  @Transactional()
  async revoke(serviceId: string, keyId: string, caller: Principal): Promise<void> {
    await this.keys.revoke(keyId, await this.held(serviceId, caller));
  }

  /** The key is shown to the caller, who could act with it: so they must already hold what it opens. */
  private async heldBelow(serviceId: string, caller: Principal): Promise<KeyOwner> {
    const owner = await this.held(serviceId, caller);
    const { permissionsByScope } = await this.policy.rightsNow({
      kind: 'service',
      id: owner.id,
      tenantId: owner.tenantId,
    });
    if (exceeds(permissionsByScope, heldBy(caller))) throw new TargetOutranksCaller();
    return owner;
  }

  /** Holds the service, so that no key comes into being while it is being deleted. */
  private async held(serviceId: string, caller: Principal): Promise<KeyOwner> {
    const service = await this.services.lock(serviceId, caller);
    if (service === null) throw new NotFound();
    return { kind: 'service', id: service.id, tenantId: service.tenantId };
  }
}
