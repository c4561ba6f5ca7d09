export { canonicalJson } from './canonical-json.js';
export { equalInConstantTime } from './constant-time.js';
export { CryptoModule } from './crypto.module.js';
export { Tampered, UnknownKey } from './envelope.js';
export { sha256OfFile } from './file-digest.js';
export { hmacSha256 } from './hmac.js';
export { KeyRing } from './key-ring.js';
export { Secret } from './secret.js';
export {
  type Ed25519Key,
  ed25519KeyId,
  ed25519PublicKey,
  exportEd25519Key,
  generateEd25519Key,
  importEd25519Key,
  signEd25519,
  verifiesEd25519,
} from './signing/ed25519.js';
export { isCanonicalJwt, type JwtHeader, readJwtHeader } from './signing/canonical-jwt.js';
export { depthOf, repeatedMember } from './signing/json-members.js';
export { type JwtClaims, signJwt } from './signing/sign-jwt.js';
export {
  exportSigningKey,
  generateSigningKey,
  importSigningKey,
  type PublicJwk,
  publicKeyPem,
  type SigningKey,
} from './signing/signing-key.js';
export {
  hashToken,
  keyPrefix,
  mintToken,
  readToken,
  TOKEN_BYTES,
  TOKEN_KINDS,
  tokenFromBytes,
  type TokenKind,
} from './tokens.js';
