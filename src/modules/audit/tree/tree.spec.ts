import { hash } from 'node:crypto';
import fc from 'fast-check';
import { CompactRange } from './compact-range.js';
import { GrowingTree, hashesIn, TILE_WIDTH } from './growing-tree.js';
import { consistencyRanges, inclusionRanges, type LeafRange, subtreesOf } from './leaf-range.js';
import { provesConsistency, provesInclusion } from './proof-check.js';
import { EMPTY_ROOT, foldedRoot, nodeHash } from './tree-hash.js';

/** The definition of RFC 9162 §2.1.1, word for word. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer');
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}

const leafHash = (data: Uint8Array) => hash('sha256', Buffer.concat([Buffer.from([0]), data]), 'buffer');
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`${index}`)));
const rootsOf = (leaves: readonly Buffer[], ranges: readonly LeafRange[]) =>
  ranges.map(({ begin, end }) => rootByDefinition(leaves.slice(begin, end)));
const rangeOf = (leaves: readonly Buffer[]) => {
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  return range;
};

/** The tree that the Certificate Transparency code bases test with, and its published results. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((data) => leafHash(Buffer.from(data, 'hex')));
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const CT_INCLUSION: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CT_CONSISTENCY: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const hex = (hashes: readonly Buffer[]) => hashes.map((each) => each.toString('hex'));

describe('the tree of Certificate Transparency', () => {
  it('has the published roots', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(hex(CT_LEAVES.map((_, index) => rangeOf(CT_LEAVES.slice(0, index + 1)).root()))).toEqual(CT_ROOTS);
  });

  it.each(CT_INCLUSION)('has the published audit path of leaf %i in %i', (index, size, path) => {
    expect(hex(rootsOf(CT_LEAVES, inclusionRanges(index, size)))).toEqual(path);
  });

  it.each(CT_CONSISTENCY)('has the published consistency proof from %i to %i', (from, to, path) => {
    expect(hex(rootsOf(CT_LEAVES, consistencyRanges(from, to)))).toEqual(path);
  });
});

const MOST = 600;
const LEAVES = leavesOf(MOST);
const size = fc.integer({ min: 1, max: MOST });
const pair = fc.tuple(size, size).map(([a, b]) => (a <= b ? [a, b] : [b, a]));

describe('a tree of any size', () => {
  it('has the root that the definition gives, from its compact range and from the ends of its tiles', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const before = rangeOf(LEAVES.slice(0, from));
        const range = CompactRange.of(from, before.hashes);
        for (const leaf of LEAVES.slice(from, to)) range.append(leaf);
        const expected = rootByDefinition(LEAVES.slice(0, to));
        expect(range.root()).toEqual(expected);
        const tree = GrowingTree.of([]);
        const tiles = LEAVES.slice(0, to).flatMap((leaf) => tree.append(leaf));
        expect(tree.root()).toEqual(expected);
        expect(tiles).toHaveLength(Math.floor(to / TILE_WIDTH));
        for (const { position, hashes, root } of tiles) {
          const leaves = LEAVES.slice(position * TILE_WIDTH, (position + 1) * TILE_WIDTH);
          expect(hashesIn(hashes)).toEqual(leaves);
          expect(root).toEqual(rootByDefinition(leaves));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('splits each range of a proof into perfect subtrees that have its root', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        for (const range of [...inclusionRanges(from - 1, to), ...consistencyRanges(from, to)]) {
          const parts = subtreesOf(range).map(({ height, position }) =>
            rootByDefinition(LEAVES.slice(position * 2 ** height, (position + 1) * 2 ** height)),
          );
          expect(foldedRoot(parts)).toEqual(rootByDefinition(LEAVES.slice(range.begin, range.end)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('proves each of its leaves, and nothing else', () => {
    fc.assert(
      fc.property(pair, ([index, to]) => {
        const path = rootsOf(LEAVES, inclusionRanges(index - 1, to));
        const root = rootByDefinition(LEAVES.slice(0, to));
        const proves = (leaf: Buffer, at: number, hashes: readonly Buffer[]) =>
          provesInclusion(leaf, at, to, hashes, root);
        expect(proves(LEAVES[index - 1], index - 1, path)).toBe(true);
        expect(proves(leafHash(Buffer.from('x')), index - 1, path)).toBe(false);
        expect(proves(LEAVES[index - 1], index - 1, [...path, root])).toBe(false);
        if (path.length > 0) expect(proves(LEAVES[index - 1], index - 1, path.slice(1))).toBe(false);
        if (to > 1) expect(proves(LEAVES[index - 1], index % to, path)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('proves that it has grown from each earlier one, and from nothing else', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const path = rootsOf(LEAVES, consistencyRanges(from, to));
        const [earlier, later] = [from, to].map((end) => rootByDefinition(LEAVES.slice(0, end)));
        expect(provesConsistency(from, to, path, earlier, later)).toBe(true);
        expect(provesConsistency(from, to, path, leafHash(earlier), later)).toBe(false);
        expect(provesConsistency(from, to, path, earlier, leafHash(later))).toBe(false);
        expect(provesConsistency(from, to, [...path, later], earlier, later)).toBe(false);
        if (path.length > 0) expect(provesConsistency(from, to, path.slice(1), earlier, later)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
