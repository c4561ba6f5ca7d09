/** How much harm a permission can do, lowest first; a delegation's ceiling is one of these. */
export const PERMISSION_LEVELS = ['READ', 'PROPOSE', 'MUTATE', 'ADMIN'] as const;
export type PermissionLevel = (typeof PERMISSION_LEVELS)[number];

/** `admin` holds the whole catalogue, so declarations name the other holders only. */
export const BUILT_IN_ROLES = [
  'member',
  'viewer',
  'operator',
  'approver',
  'auditor',
  'support',
  'admin',
] as const;
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number];

export interface PermissionDeclaration {
  /** One sentence for the person who composes a role. */
  readonly description: string;
  readonly level: PermissionLevel;
  /** Built-in roles that hold it besides `admin`. */
  readonly holders: readonly BuiltInRole[];
  /** What it opens asks for a fresh proof of identity. */
  readonly sensitive?: boolean;
  /** `false` for what decides about others: it cannot be lent to an agent, and does not raise the ceiling of who lends. */
  readonly delegable?: false;
}

/** A right from the one catalogue. There is a single instance per name, so that a check costs one bit test. */
export class Permission {
  readonly holders: readonly BuiltInRole[];
  readonly sensitive: boolean;
  readonly delegable: boolean;
  readonly description: string;
  readonly level: PermissionLevel;
  /** Where the bit lives in the words of a PermissionSet. */
  readonly word: number;
  readonly mask: number;

  constructor(
    /** `resource.verb` */
    readonly name: string,
    /** Position in this process only; never stored, never sent. */
    readonly bit: number,
    declaration: PermissionDeclaration,
  ) {
    this.description = declaration.description;
    this.level = declaration.level;
    this.holders = Object.freeze([...declaration.holders]);
    this.sensitive = declaration.sensitive ?? false;
    this.delegable = declaration.delegable ?? true;
    this.word = bit >>> 5;
    this.mask = 1 << (bit & 31);
    Object.freeze(this);
  }

  isHeldBy(role: BuiltInRole): boolean {
    return role === 'admin' || this.holders.includes(role);
  }

  toString(): string {
    return this.name;
  }
}

const catalogue = new Map<string, Permission>();

/** Every permission any loaded module has defined, by name. */
export const permissionCatalogue: ReadonlyMap<string, Permission> = catalogue;

const NAME = /^[a-z_]+\.[a-z_]+$/;

/** Adds permissions to the catalogue while modules load. A name has one owner: defining it twice is an error. */
export function definePermissions<Name extends string>(
  declarations: Record<Name, PermissionDeclaration>,
): Readonly<Record<Name, Permission>> {
  const defined: Partial<Record<Name, Permission>> = {};
  for (const name of Object.keys(declarations) as Name[]) defined[name] = define(name, declarations[name]);
  return Object.freeze(defined as Record<Name, Permission>);
}

function define(name: string, declaration: PermissionDeclaration): Permission {
  if (!NAME.test(name)) throw new Error(`"${name}" is no permission name: write resource.verb.`);
  if (catalogue.has(name)) throw new Error(`The permission ${name} is defined twice.`);
  const permission = new Permission(name, catalogue.size, declaration);
  catalogue.set(name, permission);
  return permission;
}
