/** The leaves from `begin` up to, but not with, `end`. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** The perfect subtree of 2^height leaves that is the `position`-th of its height. */
export interface SubtreePlace {
  readonly height: number;
  readonly position: number;
}

/** The ranges whose roots are the audit path of a leaf, from the leaf upwards (RFC 9162 §2.1.3.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + largestPowerBelow(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose roots prove that the first `from` of `to` leaves are an earlier tree (RFC 9162 §2.1.4.1). */
export function consistencyRanges(from: number, to: number): LeafRange[] {
  if (from === to) return [];
  const ranges: LeafRange[] = [];
  let [begin, end] = [0, to];
  // The verifier knows the root of the earlier tree, so where all of that is one subtree it need not be told.
  let isWholeEarlierTree = true;
  while (from < end) {
    const middle = begin + largestPowerBelow(end - begin);
    if (from <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
      isWholeEarlierTree = false;
    }
  }
  if (!isWholeEarlierTree) ranges.push({ begin, end });
  return ranges.reverse();
}

/** The perfect subtrees that a range is made of, left to right. It begins where a subtree as large as itself may. */
export function subtreesOf({ begin, end }: LeafRange): SubtreePlace[] {
  const places: SubtreePlace[] = [];
  for (let at = begin; at < end;) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= end) height += 1;
    places.push({ height, position: at / 2 ** height });
    at += 2 ** height;
  }
  return places;
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
