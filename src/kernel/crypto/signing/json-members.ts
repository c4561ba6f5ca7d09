/**
 * Whether some object in this JSON text names a member twice, at any depth, however the name is escaped. Parsers keep
 * one of the two, and not all the same one, so such a text means different things to different readers (RFC 8725 3.10).
 * The text must already have been accepted by `JSON.parse`.
 */
export function repeatsMember(json: string): boolean {
  return new MemberScan(json).findsRepetition();
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

class MemberScan {
  /** One entry per open bracket: the names seen in an object, null for an array. */
  private readonly open: (Set<string> | null)[] = [];
  private expectsName = false;

  constructor(private readonly json: string) {}

  findsRepetition(): boolean {
    for (const [token] of this.json.matchAll(TOKEN)) {
      if (token.startsWith('"')) {
        if (this.expectsName && !this.isNew(JSON.parse(token) as string)) return true;
        this.expectsName = false;
      } else {
        this.step(token);
      }
    }
    return false;
  }

  private isNew(name: string): boolean {
    const names = this.open.at(-1);
    if (names === undefined || names === null) return true;
    if (names.has(name)) return false;
    names.add(name);
    return true;
  }

  private step(bracketOrComma: string): void {
    if (bracketOrComma === '{') this.open.push(new Set());
    if (bracketOrComma === '[') this.open.push(null);
    if (bracketOrComma === '}' || bracketOrComma === ']') this.open.pop();
    this.expectsName = bracketOrComma === '{' || (bracketOrComma === ',' && this.open.at(-1) instanceof Set);
  }
}
