import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BUILT_IN_ROLES, type BuiltInRole, permissionCatalogue } from '../../../kernel/access/index.js';
import { ChangeFeed, Transactional } from '../../../kernel/database/index.js';
import { EventLog } from '../../../kernel/events/index.js';
import { runInOperation, systemOperation, systemPrincipal } from '../../../kernel/operation/index.js';
import { Clock, Ids } from '../../../kernel/runtime/index.js';
import { RoleDefined } from '../rbac.events.js';
import { type BuiltInDefinition, RolesRepository } from './roles.repository.js';

const DESCRIPTIONS: Readonly<Record<BuiltInRole, string>> = {
  member: 'What everybody who is signed in may do, besides looking after what is their own.',
  viewer: 'Sees gateways, sandboxes, operations and policies.',
  operator: 'Sees what a viewer sees, and runs sandboxes and operations.',
  approver: 'Sees what a viewer sees, and decides what waits for a person.',
  auditor: 'Reads everything that an audit needs and changes nothing.',
  support: 'Sees users and their sessions, and can look at the service through their eyes.',
  admin: 'May do everything in the tenant.',
};

/** Keeps the rows of the built-in roles equal to what the catalogue says about their holders. */
@Injectable()
export class BuiltInRoles implements OnModuleInit {
  constructor(
    private readonly roles: RolesRepository,
    private readonly feed: ChangeFeed,
    private readonly events: EventLog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async onModuleInit(): Promise<void> {
    const boot = systemOperation('boot', `boot-${this.ids.next()}`, systemPrincipal('rbac'));
    await runInOperation(boot, async () => {
      for (const tenantId of await this.roles.tenants()) await this.define(tenantId);
    });
  }

  /** Every tenant needs them before anybody in it signs in. */
  async define(tenantId: string): Promise<void> {
    const present = new Map((await this.roles.builtInsOf(tenantId)).map((role) => [role.name, textOf(role)]));
    const changed = definitions().filter((role) => present.get(role.name) !== textOf(role));
    if (changed.length > 0) await this.write(tenantId, changed);
  }

  @Transactional()
  protected async write(tenantId: string, roles: readonly BuiltInDefinition[]): Promise<void> {
    for (const role of roles) {
      const id = await this.roles.defineBuiltIn(this.ids.next(), tenantId, role, this.clock.now());
      if (id === null) continue;
      const { name, permissions } = role;
      await this.events.record(new RoleDefined({ resourceId: id, tenantId, detail: { name, permissions } }));
      await this.feed.announce('policy', tenantId);
    }
  }
}

function definitions(): BuiltInDefinition[] {
  return BUILT_IN_ROLES.map((name) => ({ name, description: DESCRIPTIONS[name], permissions: heldBy(name) }));
}

function heldBy(role: BuiltInRole): string[] {
  const held = [...permissionCatalogue.values()].filter((permission) => permission.isHeldBy(role));
  return held.map(({ name }) => name).sort();
}

function textOf({ description, permissions }: BuiltInDefinition): string {
  return JSON.stringify([description, permissions]);
}
