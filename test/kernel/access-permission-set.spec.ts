import fc from 'fast-check';
import { definePermissions, permissionCatalogue, PermissionSet } from '../../src/kernel/access/index.js';

const NAMES = Array.from(
  { length: 70 },
  (_, i) => `plot_${'abcdefghij'[i % 10]}.verb_${'klmnopq'[Math.floor(i / 10)]}`,
);
definePermissions(
  Object.fromEntries(NAMES.map((name) => [name, { description: name, level: 'READ' as const, holders: [] }])),
);

const names = fc.subarray(NAMES);
const holds = (set: PermissionSet) => NAMES.filter((name) => set.has(permissionCatalogue.get(name)!));
const sorted = (list: Iterable<string>) => [...list].sort();

describe('PermissionSet', () => {
  it('holds exactly what it was made of', () => {
    fc.assert(fc.property(names, (list) => expect(PermissionSet.of(list).names()).toEqual(sorted(list))));
  });

  it('combines as sets of names do', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const [left, right] = [PermissionSet.of(a), PermissionSet.of(b)];
        expect(left.union(right).names()).toEqual(sorted(new Set([...a, ...b])));
        expect(left.intersect(right).names()).toEqual(sorted(a.filter((name) => b.includes(name))));
        expect(left.minus(right).names()).toEqual(sorted(a.filter((name) => !b.includes(name))));
        expect(left.includesAll(right)).toBe(b.every((name) => a.includes(name)));
        expect(left.isEmpty()).toBe(a.length === 0);
      }),
    );
  });

  it('is not changed by being combined', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const set = PermissionSet.of(a);
        set.union(PermissionSet.of(b));
        set.minus(PermissionSet.of(b));
        expect(holds(set)).toEqual(NAMES.filter((name) => a.includes(name)));
      }),
    );
  });

  it('ignores names that nobody defined', () => {
    expect(PermissionSet.of(['nobody.defined', NAMES[0]]).names()).toEqual([NAMES[0]]);
  });

  it('does not hold what was defined after it was made', () => {
    const before = PermissionSet.all();
    const late = definePermissions(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `late.verb_${'abcdefgh'[i % 8]}${'ijklm'[Math.floor(i / 8)]}`,
          { description: '', level: 'READ' as const, holders: [] },
        ]),
      ),
    );
    for (const permission of Object.values(late)) {
      expect(before.has(permission)).toBe(false);
      expect(before.union(PermissionSet.of([permission.name])).has(permission)).toBe(true);
    }
  });

  it('refuses a second definition of a name', () => {
    const again = { [NAMES[0]]: { description: '', level: 'READ' as const, holders: [] } };
    expect(() => definePermissions(again)).toThrow(/defined twice/);
  });
});
