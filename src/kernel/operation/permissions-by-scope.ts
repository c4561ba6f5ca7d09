import { PermissionSet } from './permission-set.js';
import type { PermissionScope, ScopeKind } from './permission-scope.js';

type Exceptions = ReadonlyMap<string, PermissionSet>;

const NONE: Exceptions = new Map();

/** What somebody may do: everywhere, and in the single places where that is more, less or something else. Immutable. */
export class PermissionsByScope {
  private constructor(
    readonly everywhere: PermissionSet,
    private readonly gateways: Exceptions,
    private readonly departments: Exceptions,
  ) {}

  /** The same in every place. */
  static alike(everywhere: PermissionSet): PermissionsByScope {
    return new PermissionsByScope(everywhere, NONE, NONE);
  }

  /** @param exceptions what counts in these places in place of `everywhere` */
  static of(
    everywhere: PermissionSet,
    exceptions: Iterable<readonly [PermissionScope, PermissionSet]>,
  ): PermissionsByScope {
    const byKind: Record<ScopeKind, Map<string, PermissionSet>> = {
      gateway: new Map(),
      department: new Map(),
    };
    for (const [{ kind, id }, permissions] of exceptions) byKind[kind].set(id, permissions);
    return new PermissionsByScope(everywhere, byKind.gateway, byKind.department);
  }

  /** One look-up, however many bindings there are. */
  at(scope: PermissionScope | null): PermissionSet {
    if (scope === null) return this.everywhere;
    const exceptions = scope.kind === 'gateway' ? this.gateways : this.departments;
    return exceptions.get(scope.id) ?? this.everywhere;
  }

  /** The places that differ. */
  scopes(): PermissionScope[] {
    return [
      ...[...this.gateways.keys()].map((id) => ({ kind: 'gateway', id }) as const),
      ...[...this.departments.keys()].map((id) => ({ kind: 'department', id }) as const),
    ];
  }

  /** What both allow, place by place. */
  intersect(other: PermissionsByScope): PermissionsByScope {
    return PermissionsByScope.of(
      this.everywhere.intersect(other.everywhere),
      distinct([...this.scopes(), ...other.scopes()]).map((scope) => [
        scope,
        this.at(scope).intersect(other.at(scope)),
      ]),
    );
  }

  /** What this allows somewhere and the other does not allow there. */
  beyond(other: PermissionsByScope): PermissionSet {
    return [null, ...this.scopes(), ...other.scopes()].reduce(
      (found, scope) => found.union(this.at(scope).minus(other.at(scope))),
      PermissionSet.none,
    );
  }
}

function distinct(scopes: readonly PermissionScope[]): PermissionScope[] {
  return [...new Map(scopes.map((scope) => [`${scope.kind} ${scope.id}`, scope])).values()];
}
