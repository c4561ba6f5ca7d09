/**
 * Where an object in this JSON text names a member for the second time, at any depth, however the name is escaped: the
 * names and indexes that lead there, or null. Parsers keep one of the two, and not all the same one, so such a text means
 * different things to different readers (RFC 8725 3.10). The text must already have been accepted by `JSON.parse`.
 */
export function repeatedMember(json: string): (string | number)[] | null {
  return new MemberScan(json).findRepetition();
}

/** How many arrays and objects are open at the deepest place of a valid JSON text. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}

/** Strings as a whole, so that brackets and commas inside them are not seen; of the rest only what gives structure. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** An open bracket: the names an object has shown so far, null for an array; and which member or item is being read. */
interface Open {
  readonly names: Set<string> | null;
  at: string | number;
}

class MemberScan {
  private readonly open: Open[] = [];
  private expectsName = false;

  constructor(private readonly json: string) {}

  findRepetition(): (string | number)[] | null {
    for (const [token] of this.json.matchAll(TOKEN)) {
      if (!token.startsWith('"')) this.step(token);
      else if (this.expectsName) {
        this.expectsName = false;
        if (!this.isNew(JSON.parse(token) as string)) return this.open.map(({ at }) => at);
      }
    }
    return null;
  }

  private isNew(name: string): boolean {
    const object = this.open.at(-1);
    if (object?.names == null) return true;
    object.at = name;
    if (object.names.has(name)) return false;
    object.names.add(name);
    return true;
  }

  private step(bracketOrComma: string): void {
    if (bracketOrComma === '{') this.open.push({ names: new Set(), at: '' });
    if (bracketOrComma === '[') this.open.push({ names: null, at: 0 });
    if (bracketOrComma === '}' || bracketOrComma === ']') this.open.pop();
    const inside = this.open.at(-1);
    this.expectsName = bracketOrComma === '{' || (bracketOrComma === ',' && inside?.names != null);
    if (bracketOrComma === ',' && typeof inside?.at === 'number') inside.at += 1;
  }
}
