import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/operation/index.js';
import { GroupMembersRepository } from '../groups/group-members.repository.js';
import { OwnRoles } from '../rbac.errors.js';
import { ReachRepository } from '../resolution/reach.repository.js';

type SubjectKind = 'user' | 'service' | 'group';

/** Nobody changes their own rights: not their bindings, not through a group they are in, not through a role they have. */
@Injectable()
export class OwnRights {
  constructor(
    private readonly members: GroupMembersRepository,
    private readonly reaches: ReachRepository,
  ) {}

  /** @throws OwnRoles when the subject is the caller, or a group with the caller in it */
  async requireOthers(actor: Principal, kind: SubjectKind, id: string): Promise<void> {
    for (const self of selvesOf(actor)) {
      if (self.kind === kind && self.id === id)
        throw new OwnRoles('Your own roles can only be changed by others.');
      if (kind === 'group' && (await this.members.has(id, self)))
        throw new OwnRoles('You are in this group, so only others can change what it gives.');
    }
  }

  /** @throws OwnRoles when the caller has the role anywhere, also as a denial */
  async requireNotHeld(actor: Principal, roleId: string): Promise<void> {
    for (const { kind, id } of selvesOf(actor)) {
      const { bindings } = await this.reaches.of({ kind, id, tenantId: actor.tenantId }, null);
      if (bindings.some(({ role }) => role.id === roleId))
        throw new OwnRoles('You have this role, so only others can change what it contains.');
    }
  }
}

/** The caller, and whoever acts in their name. */
function selvesOf({ kind, id, actor }: Principal): { kind: 'user' | 'service'; id: string }[] {
  return [{ kind, id }, ...(actor === undefined ? [] : [actor])].flatMap((self) =>
    self.kind === 'user' || self.kind === 'service' ? [{ kind: self.kind, id: self.id }] : [],
  );
}
