/**
 * A second verifier of exported audit logs, written from docs/audit-format.md and nothing else: it shares no line with
 * the service, so that the two can only agree where the document says what both do.
 *
 *   node test/audit/independent-verifier.mjs EXPORT [--trusted-key FILE] [--checkpoint FILE]
 *
 * Prints one finding per line and ends with the exit code of the first (docs/audit-format.md, "Verification").
 */
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const [CONTENT, ORDER, TRUNCATED, SIGNATURE, FORK, USAGE] = [2, 3, 4, 5, 6, 64];
const ENTRY =
  `action actorId actorKind actorRole approvalId commandId delegationPath departmentId detail eventCode
  gatewayId gatewayName id occurredAt onBehalfOf outcome personalDigest requestId resourceId resourceType tenantId`
    .split(/\s+/)
    .sort();
const PERSONAL = ['actorName', 'clientIp', 'detail', 'userAgent'];

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (text) => Buffer.from(typeof text === 'string' ? text : '', 'hex');
const base64 = (text) => Buffer.from(typeof text === 'string' ? text : '', 'base64');
/** Values are strings, null and lists of strings: sorted members are all that RFC 8785 asks for beyond JSON. */
const canonical = (object, members) =>
  `{${members.map((name) => `${JSON.stringify(name)}:${JSON.stringify(object[name] ?? null)}`).join(',')}}`;
const leafOf = (entry) => sha256(Buffer.of(0), canonical(entry, ENTRY));
const digestOf = (personal) =>
  createHmac('sha256', hex(personal.salt)).update(canonical(personal, PERSONAL)).digest('hex');

/** The perfect subtrees that the leaves so far are made of, from left to right. */
class CompactRange {
  constructor(size, hashes) {
    const bits = [...size.toString(2)];
    const sizes = bits.flatMap((bit, i) => (bit === '1' ? [2 ** (bits.length - 1 - i)] : []));
    this.fits = sizes.length === hashes.length;
    this.subtrees = hashes.map((hash, i) => ({ size: sizes[i] ?? 1, hash: hex(hash) }));
  }

  append(leaf) {
    let last = { size: 1, hash: leaf };
    while (this.subtrees.at(-1)?.size === last.size) {
      const left = this.subtrees.pop();
      last = { size: 2 * last.size, hash: sha256(Buffer.of(1), left.hash, last.hash) };
    }
    this.subtrees.push(last);
  }

  root() {
    return this.subtrees
      .map(({ hash }) => hash)
      .reduceRight((right, left) => sha256(Buffer.of(1), left, right));
  }
}

const rawKey = (publicKey) =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });

function signedBy(publicKey, message, signature) {
  try {
    return signature.length === 64 && verify(null, Buffer.from(message), rawKey(publicKey), signature);
  } catch {
    return false;
  }
}

const NOTE = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\n ]+ [A-Za-z0-9+/=]+\n)+)$/;

function readNote(text) {
  const match = NOTE.exec(typeof text === 'string' ? text : '');
  if (match === null) return null;
  const [, origin, size, root, lines] = match;
  const signatures = lines
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, name, bytes]) => ({ name, bytes: base64(bytes) }));
  return {
    origin,
    size: Number(size),
    root: base64(root),
    text: `${origin}\n${size}\n${root}\n`,
    signatures,
  };
}

function isSignedBy(note, publicKey) {
  const keyHash = sha256(`${note.origin}\n`, Buffer.of(1), publicKey).subarray(0, 4);
  return note.signatures.some(
    ({ name, bytes }) =>
      name === note.origin &&
      bytes.subarray(0, 4).equals(keyHash) &&
      signedBy(publicKey, note.text, bytes.subarray(4)),
  );
}

/** The keys of the log, whom they name as predecessor, and which of them are to be believed. */
class Keys {
  constructor(lines, trusted) {
    this.byId = new Map(lines.map((line) => [line.keyId, { ...line, public: base64(line.publicKey) }]));
    this.pinned = trusted !== null;
    this.trusted = new Set();
    this.former = new Set();
    if (trusted !== null) this.settleTrust(trusted);
  }

  endorses({ keyId, previousKeyId, endorsement }) {
    const previous = this.byId.get(previousKeyId);
    const message = `reeve-audit-key/1\n${previousKeyId}\n${keyId}\n`;
    return (
      previous !== undefined &&
      endorsement !== null &&
      signedBy(previous.public, message, base64(endorsement))
    );
  }

  isSound(key) {
    if (key.public.length !== 32 || sha256(key.public).toString('hex') !== key.keyId) return false;
    if (key.previousKeyId !== null && !this.byId.has(key.previousKeyId)) return false;
    return key.endorsement === null || this.endorses(key);
  }

  settleTrust(listed) {
    const keys = [...this.byId.values()];
    const isListed = (key) => listed.has(key.keyId) || listed.has(key.public.toString('base64'));
    for (const key of keys) if (isListed(key)) this.trusted.add(key.keyId);
    for (let grew = true; grew;) {
      const heirs = keys.filter(
        (key) => !this.trusted.has(key.keyId) && this.trusted.has(key.previousKeyId) && this.endorses(key),
      );
      for (const { keyId } of heirs) this.trusted.add(keyId);
      grew = heirs.length > 0;
    }
    // Backwards from what is listed: whom a listed key replaced was the log's before.
    const back = keys.filter(isListed);
    for (let key = back.pop(); key !== undefined; key = back.pop()) {
      const before = this.byId.get(key.previousKeyId);
      if (before === undefined || this.former.has(before.keyId) || !this.endorses(key)) continue;
      if (!this.trusted.has(before.keyId)) this.former.add(before.keyId);
      back.push(before);
    }
  }

  passes(keyId, newestKeyId) {
    if (!this.pinned) return true;
    return this.trusted.has(keyId) || (this.former.has(keyId) && this.trusted.has(newestKeyId));
  }

  place(keyId) {
    let place = 0;
    const seen = new Set();
    for (let key = this.byId.get(keyId); key?.previousKeyId != null && !seen.has(key.keyId); place++) {
      seen.add(key.keyId);
      key = this.byId.get(key.previousKeyId);
    }
    return place;
  }
}

class Verification {
  findings = [];
  lineBefore = null;
  keyBefore = null;
  rootsBySize = new Map();
  lastEntry = null;

  constructor(header, checkpoints, keys) {
    this.header = header;
    this.checkpoints = checkpoints;
    this.keys = keys;
    this.next = header.firstSeq;
    this.range = new CompactRange(header.firstSeq, header.frontier ?? []);
    this.comparable = this.range.fits;
    this.comparableTo = this.comparable ? Infinity : -1;
    this.newest = checkpoints.reduce(
      (best, one) => (best === null || one.treeSize > best.treeSize ? one : best),
      null,
    );
    this.origin = readNote(this.newest?.note)?.origin ?? null;
    this.pending = [...checkpoints];
    if (!this.comparable) this.find(CONTENT, header.firstSeq, 'the frontier does not fit firstSeq');
  }

  find(code, seq, what) {
    this.findings.push({ code, seq, what });
  }

  /** From here on the leaves are not those of the log, so roots say nothing any more. */
  loseTree(size) {
    if (this.comparable) this.comparableTo = size;
    this.comparable = false;
  }

  checkKeys() {
    for (const key of this.keys.byId.values())
      if (!this.keys.isSound(key))
        this.find(SIGNATURE, this.header.firstSeq, `key ${key.keyId} is not what it says`);
  }

  /** The batch that begins where the checkpoint before ended. */
  batch() {
    return this.lineBefore?.treeSize ?? this.header.firstSeq;
  }

  entry(line) {
    let entry;
    try {
      entry = JSON.parse(line);
    } catch {
      entry = null;
    }
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry))
      return this.find(CONTENT, this.next, 'the line is no JSON object');
    const { seq } = entry;
    const wasExpected = seq === this.next;
    const before = this.next;
    if (!wasExpected) {
      this.find(ORDER, Math.min(seq, before), `expected entry ${before}, found ${seq}`);
      this.loseTree(before);
      if (seq > this.next) this.next = seq;
    }
    const leaf = leafOf(entry);
    const isWhole = entry.tenantId === this.header.tenantId && leaf.toString('hex') === entry.leafHash;
    if (!isWhole) this.find(CONTENT, seq, 'the entry is not what was hashed');
    if (entry.personal != null && digestOf(entry.personal) !== entry.personalDigest)
      this.find(CONTENT, seq, 'the personal part is not what was hashed');
    if (wasExpected && isWhole) this.checkOrder(seq, entry.id);
    this.range.append(hex(entry.leafHash));
    if (seq >= this.next) this.next = seq + 1;
    this.lastEntry = { seq, id: entry.id, isWhole };
    this.completed(this.next);
  }

  checkOrder(seq, id) {
    const last = this.lastEntry;
    if (!last?.isWhole || last.seq !== seq - 1 || seq === this.batch() || id > last.id) return;
    this.find(ORDER, id === last.id ? seq : seq - 1, 'ids do not ascend within the batch');
    this.loseTree(seq);
  }

  /** Checkpoint lines of the size that has been reached. */
  completed(size) {
    while (this.pending.length > 0 && this.pending[0].treeSize <= size) {
      const line = this.pending.shift();
      this.checkpoint(line, line.treeSize === size);
    }
  }

  checkpoint(line, reached) {
    const batch = this.batch();
    const repeats = this.lineBefore?.treeSize === line.treeSize;
    if (!repeats && !this.follows(line))
      this.find(ORDER, batch, `checkpoint ${line.treeSize} does not follow`);
    const note = this.noteOf(line);
    const sound = note !== null && this.isSigned(line, note);
    if (!sound) this.find(SIGNATURE, batch, `checkpoint ${line.treeSize} is not signed as it should be`);
    if (sound && reached) this.compare(line, note, batch);
    this.lineBefore = line;
    this.keyBefore = line.keyId;
  }

  compare(line, note, batch) {
    const earlier = this.rootsBySize.get(line.treeSize);
    if (earlier !== undefined && !earlier.equals(note.root))
      this.find(FORK, batch, `two signed roots of size ${line.treeSize}`);
    this.rootsBySize.set(line.treeSize, earlier ?? note.root);
    if (this.comparable && !this.range.root().equals(note.root)) {
      this.find(CONTENT, batch, `the tree of size ${line.treeSize} is not what was signed`);
      this.loseTree(line.treeSize);
    }
  }

  follows({ prevCheckpoint }) {
    if (this.lineBefore !== null) return prevCheckpoint === this.lineBefore.treeSize;
    return this.header.firstSeq !== 0 || prevCheckpoint === null;
  }

  noteOf({ note: text, treeSize, rootHash }) {
    const note = readNote(text);
    if (note === null || note.origin !== this.origin) return null;
    if (!note.origin.endsWith(`/audit/${this.header.tenantId}`)) return null;
    return note.size === treeSize && note.root.toString('hex') === rootHash ? note : null;
  }

  isSigned({ keyId }, note) {
    const key = this.keys.byId.get(keyId);
    if (key === undefined || !isSignedBy(note, key.public)) return false;
    if (this.keyBefore !== null && this.keys.place(keyId) < this.keys.place(this.keyBefore)) return false;
    return this.keys.passes(keyId, this.newest.keyId);
  }

  end() {
    const { firstSeq, lastSeq } = this.header;
    const n = this.next;
    if (lastSeq >= n) this.find(ORDER, n, 'entries that the header promises are missing');
    else if (lastSeq < n - 1)
      this.find(ORDER, lastSeq + 1, 'there are more entries than the header promises');
    const greatest = this.newest?.treeSize ?? null;
    if (greatest !== null && greatest > n) this.find(TRUNCATED, n, `a checkpoint covers ${greatest} entries`);
    else if ((greatest ?? firstSeq) < n)
      this.find(ORDER, greatest ?? firstSeq, 'entries that no checkpoint covers');
    for (const line of this.pending.splice(0)) this.checkpoint(line, false);
  }

  async anchored(notes, rootsOf) {
    const n = this.next;
    const own = notes.filter(({ origin }) => origin === this.origin).sort((a, b) => a.size - b.size);
    if (own.length === 0) return usage('no checkpoint of this log in the file');
    const roots = await rootsOf(
      own.map(({ size }) => size).filter((size) => size <= Math.min(n, this.comparableTo)),
    );
    for (const note of own) {
      const key = [...this.keys.byId.values()].find(({ public: publicKey }) => isSignedBy(note, publicKey));
      if (key === undefined || !this.keys.passes(key.keyId, this.newest?.keyId)) {
        this.find(SIGNATURE, note.size - 1, `the kept checkpoint ${note.size} is by nobody we know`);
        continue;
      }
      if (note.size > n) this.find(TRUNCATED, n, `the kept checkpoint covers ${note.size} entries`);
      else if (roots.has(note.size) && !roots.get(note.size).equals(note.root))
        this.find(FORK, this.batchOf(note.size - 1), `the kept checkpoint ${note.size} has another root`);
    }
  }

  batchOf(seq) {
    const ends = this.checkpoints.map(({ treeSize }) => treeSize).filter((size) => size <= seq);
    return Math.max(this.header.firstSeq, ...ends);
  }
}

/** The question was wrong, not the log. */
export class WrongUsage extends Error {}

function usage(what) {
  throw new WrongUsage(what);
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return usage(`${file} cannot be read`);
  }
}

/** What is compared is the public key alone: base64 of its 32 bytes, or its keyId. */
function trustedIn(file) {
  const listed = new Set();
  for (const line of readText(file).split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const vkey = /^[^+\s]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(text);
    const bytes = base64(vkey?.[1]);
    if (vkey !== null && bytes.length === 33 && bytes[0] === 1)
      listed.add(bytes.subarray(1).toString('base64'));
    else if (/^[0-9a-f]{64}$/.test(text)) listed.add(text);
    else usage(`no key: ${text}`);
  }
  return listed;
}

function notesIn(file) {
  const notes = readText(file)
    .split(/(?<=^— [^\n]*\n)(?!— )/m)
    .map((text) => readNote(text.replace(/^\n+/, '')));
  return notes.filter((note) => note !== null);
}

const linesOf = (file) => createInterface({ input: createReadStream(file), crlfDelay: Infinity });

function memberOf(line, name) {
  try {
    const value = JSON.parse(line)?.[name];
    return value !== null && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Checkpoints and keys stand at the end of the file but are needed from the start. */
async function firstPass(file) {
  let header = null;
  const checkpoints = [];
  const keys = [];
  for await (const line of linesOf(file)) {
    if (header === null) {
      header = parsed(line);
      if (header?.format !== 'reeve-audit/1') usage('this is no export of an audit log');
    } else if (line.startsWith('{"checkpoint"')) checkpoints.push(memberOf(line, 'checkpoint'));
    else if (line.startsWith('{"key"')) keys.push(memberOf(line, 'key'));
  }
  if (header === null) usage('the file is empty');
  return { header, checkpoints: checkpoints.filter(Boolean), keys: keys.filter(Boolean) };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const isEntryLine = (line, number) => {
  if (number === 0 || line.startsWith('{"checkpoint"') || line.startsWith('{"key"')) return false;
  const value = parsed(line);
  return value === null || typeof value !== 'object' || 'seq' in value;
};

async function eachEntry(file, visit) {
  let number = 0;
  for await (const line of linesOf(file)) if (isEntryLine(line, number++)) visit(line);
}

/** The roots of the log at these sizes, as its lines have the leaves. */
async function rootsAt(file, header, sizes) {
  const wanted = new Set(sizes);
  const roots = new Map();
  const range = new CompactRange(header.firstSeq, header.frontier ?? []);
  let size = header.firstSeq;
  if (wanted.has(size) && size > 0) roots.set(size, range.root());
  await eachEntry(file, (line) => {
    range.append(hex(parsed(line)?.leafHash));
    size += 1;
    if (wanted.has(size)) roots.set(size, range.root());
  });
  return roots;
}

/**
 * @param {string[]} args those of the command
 * @returns {Promise<{ code: number, seq: number, what: string }[]>} what was found, in order
 */
export async function findingsOf(args) {
  const options = { 'trusted-key': { type: 'string' }, checkpoint: { type: 'string' } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length !== 1) usage('which export?');
  const [file] = positionals;
  const trusted = values['trusted-key'] === undefined ? null : trustedIn(values['trusted-key']);
  const kept = values.checkpoint === undefined ? null : notesIn(values.checkpoint);
  readText(file);
  const { header, checkpoints, keys } = await firstPass(file);
  const verification = new Verification(header, checkpoints, new Keys(keys, trusted));
  verification.checkKeys();
  verification.completed(header.firstSeq);
  await eachEntry(file, (line) => verification.entry(line));
  verification.end();
  if (kept !== null) await verification.anchored(kept, (sizes) => rootsAt(file, header, sizes));
  return verification.findings;
}

async function command(args) {
  try {
    const findings = await findingsOf(args);
    if (!args.includes('--trusted-key')) console.log('keys not pinned');
    for (const { code, seq, what } of findings) console.log(`${code} at ${seq}: ${what}`);
    process.exitCode = findings[0]?.code ?? 0;
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    console.error(error.message);
    process.exitCode = USAGE;
  }
}

if (process.argv[1]?.endsWith('independent-verifier.mjs')) void command(process.argv.slice(2));
