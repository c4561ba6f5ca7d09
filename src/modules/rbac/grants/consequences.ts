import { Injectable } from '@nestjs/common';
import { type PermissionScope, PermissionSet, type Subject } from '../../../kernel/access/index.js';
import type { Principal } from '../../../kernel/operation/index.js';
import { Clock } from '../../../kernel/runtime/index.js';
import type { NamedBinding } from '../bindings/role-bindings.repository.js';
import { GroupMembersRepository } from '../groups/group-members.repository.js';
import { ExpiryWouldWiden, GrantExceedsOwn } from '../rbac.errors.js';
import { compile } from '../resolution/compile.js';
import { isLive } from '../resolution/reach.js';
import { ReachRepository } from '../resolution/reach.repository.js';
import { GrantRules, heldBy, holdsEverything } from './grant-rules.js';

/**
 * Ending a denial, or an allow on a single gateway, can give somebody more than they had: what was denied is allowed
 * again, and what counts everywhere takes the place of what counted there.
 */
@Injectable()
export class Consequences {
  constructor(
    private readonly rules: GrantRules,
    private readonly reaches: ReachRepository,
    private readonly members: GroupMembersRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Before the bindings are ended: nobody may gain by it what the caller does not hold.
   *
   * @param leaving the only one for whom they end; without it, everybody whom they reach
   * @throws GrantExceedsOwn
   */
  async requireMayEnd(actor: Principal, bindings: readonly NamedBinding[], leaving?: Subject): Promise<void> {
    const nowMs = this.clock.nowMs();
    const live = bindings.filter((binding) => isLive(binding, nowMs));
    for (const { role, permissions, effect, ...binding } of live) {
      if (effect !== 'deny') continue;
      const lead = `Ending the denial of the role ${role} gives back`;
      this.rules.requireHeld(actor, PermissionSet.of(permissions), placeOf(binding), lead);
    }
    const replacing = live.filter(givesWay);
    if (replacing.length === 0 || holdsEverything(actor)) return;
    const ended = new Set(live.map(({ id }) => id));
    if (leaving !== undefined) return this.requireNoGain(actor, [leaving], ended);
    for await (const subjects of this.reachedBy(replacing)) await this.requireNoGain(actor, subjects, ended);
  }

  /**
   * After a binding that ends by itself was made. A denial must not, whatever it takes from whom now: what is given to
   * them while it holds would come into effect by the clock.
   *
   * @throws ExpiryWouldWiden when it is a denial, or somebody can do less with it than without
   */
  async requireHarmlessEnd(binding: NamedBinding): Promise<void> {
    if (binding.effect === 'deny') throw new ExpiryWouldWiden();
    if (!givesWay(binding)) return;
    const nowMs = this.clock.nowMs();
    const ended = new Set([binding.id]);
    for await (const subjects of this.reachedBy([binding])) {
      for (const reach of await this.reaches.ofAll(binding.tenantId, subjects, this.clock.now())) {
        const without = compile(withoutBindings(reach, ended), nowMs);
        if (!without.beyond(compile(reach, nowMs)).isEmpty()) throw new ExpiryWouldWiden();
      }
    }
  }

  private async requireNoGain(
    actor: Principal,
    subjects: readonly Subject[],
    ended: ReadonlySet<string>,
  ): Promise<void> {
    const held = heldBy(actor);
    const nowMs = this.clock.nowMs();
    for (const reach of await this.reaches.ofAll(actor.tenantId, subjects, this.clock.now())) {
      const before = compile(reach, nowMs);
      const after = compile(withoutBindings(reach, ended), nowMs);
      for (const scope of [null, ...before.scopes(), ...held.scopes()]) {
        const missing = after.at(scope).minus(before.at(scope)).minus(held.at(scope));
        if (!missing.isEmpty())
          throw new GrantExceedsOwn('Ending this gives somebody', missing.names(), scope);
      }
    }
  }

  private async *reachedBy(bindings: readonly NamedBinding[]): AsyncGenerator<Subject[]> {
    const subjects = new Map(
      bindings.map((binding) => [`${binding.subjectKind} ${binding.subjectId}`, binding]),
    );
    for (const { subjectKind: kind, subjectId: id, tenantId } of subjects.values()) {
      if (kind === 'group') yield* this.members.inChunks(id, tenantId);
      else yield [{ kind, id, tenantId }];
    }
  }
}

/** Whether something else takes its place when it ends. */
function givesWay({ effect, scopeKind }: NamedBinding): boolean {
  return effect === 'allow' && scopeKind === 'gateway';
}

function withoutBindings<Of extends { bindings: readonly { id: string }[] }>(
  reach: Of,
  ended: ReadonlySet<string>,
): Of {
  return { ...reach, bindings: reach.bindings.filter(({ id }) => !ended.has(id)) };
}

export function placeOf({
  scopeKind,
  scopeId,
}: Pick<NamedBinding, 'scopeKind' | 'scopeId'>): PermissionScope | null {
  return scopeKind === 'global' || scopeId === null ? null : { kind: scopeKind, id: scopeId };
}
