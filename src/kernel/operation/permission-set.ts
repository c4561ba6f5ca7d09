import { type Permission, permissionCatalogue } from './permission.js';

/** An immutable set of permissions, one bit each. */
export class PermissionSet {
  static readonly none = new PermissionSet(new Uint32Array(0));

  private constructor(private readonly words: Uint32Array) {}

  /** Names the catalogue does not know add nothing: a right nobody defined opens nothing. */
  static of(names: Iterable<string>): PermissionSet {
    const words = emptyWords();
    for (const name of names) {
      const permission = permissionCatalogue.get(name);
      if (permission !== undefined) words[permission.word] |= permission.mask;
    }
    return new PermissionSet(words);
  }

  /** The catalogue as it is now. */
  static all(): PermissionSet {
    return PermissionSet.of(permissionCatalogue.keys());
  }

  /** False as well for a permission defined after this set was made: the word that is not there is `undefined`. */
  has(permission: Permission): boolean {
    return (this.words[permission.word] & permission.mask) !== 0;
  }

  union(other: PermissionSet): PermissionSet {
    return this.combine(other, (mine, theirs) => mine | theirs);
  }

  intersect(other: PermissionSet): PermissionSet {
    return this.combine(other, (mine, theirs) => mine & theirs);
  }

  minus(other: PermissionSet): PermissionSet {
    return this.combine(other, (mine, theirs) => mine & ~theirs);
  }

  includesAll(other: PermissionSet): boolean {
    return other.minus(this).isEmpty();
  }

  isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  /** Sorted. */
  names(): string[] {
    const names: string[] = [];
    for (const permission of permissionCatalogue.values())
      if (this.has(permission)) names.push(permission.name);
    return names.sort();
  }

  private combine(other: PermissionSet, bits: (mine: number, theirs: number) => number): PermissionSet {
    const words = new Uint32Array(Math.max(this.words.length, other.words.length));
    for (let i = 0; i < words.length; i++) words[i] = bits(this.words[i] ?? 0, other.words[i] ?? 0);
    return new PermissionSet(words);
  }
}

function emptyWords(): Uint32Array {
  return new Uint32Array((permissionCatalogue.size + 31) >>> 5);
}
