import type { Permission } from '../operation/permission.js';
import type { PermissionScope } from '../operation/permission-scope.js';
import type { PermissionSet } from '../operation/permission-set.js';
import type { PermissionsByScope } from '../operation/permissions-by-scope.js';

export interface Subject {
  readonly kind: 'user' | 'service';
  readonly id: string;
  readonly tenantId: string;
}

export interface Rights {
  /** Names of the roles held everywhere, also through groups, the one with the most permissions first. */
  readonly roles: readonly string[];
  /** Those among them that were given to the principal itself, `member` included. */
  readonly ownRoles: readonly string[];
  /** What may be done everywhere. */
  readonly permissions: PermissionSet;
  /** The same, and what differs from it on single gateways and in single departments. */
  readonly permissionsByScope: PermissionsByScope;
  /** From this instant on (milliseconds, Clock) these rights must be asked for again: a binding ends. Infinity when none does. */
  readonly validUntilMs: number;
}

/** Who may do what. The kernel asks; the module that owns roles and bindings answers. */
export abstract class Policy {
  /**
   * The rights when they are known without asking the database, else undefined. Whoever keeps a principal for longer
   * than one request takes its rights from here each time, since bindings end by the clock.
   */
  abstract peekRights(subject: Subject): Rights | undefined;

  /** The rights; refuses (and never guesses) when they cannot be read. */
  abstract rightsOf(subject: Subject): Promise<Rights>;

  /** The rights as the transaction at hand sees them, never remembered ones: for decisions that are stored. */
  abstract rightsNow(subject: Subject): Promise<Rights>;

  /** Whether the subject may do this in this place, or everywhere when none is named. Does not ask whether it may sign in. */
  abstract allows(subject: Subject, permission: Permission, scope?: PermissionScope | null): Promise<boolean>;

  /**
   * Gives the user exactly these roles everywhere (`member` comes by itself). Inside the caller's transaction, as the
   * operation's principal, who must hold `role.bind` and every permission granted; the system principal holds all.
   * Throws GrantExceedsOwn, UnknownRole, OwnRoles, StepUpRequired, LastAdmin.
   */
  abstract assignRoles(userId: string, roleNames: readonly string[]): Promise<void>;

  /** Names of the roles each user has everywhere, `member` included. */
  abstract rolesOf(userIds: readonly string[]): Promise<Map<string, string[]>>;

  /**
   * Call inside the transaction that takes this user's access away. Holds the tenant's row until it ends, so that two
   * admins who remove each other come one after the other. Throws LastAdmin when nobody else could administer.
   */
  abstract guardLastAdmin(tenantId: string, leavingUserId: string): Promise<void>;
}
