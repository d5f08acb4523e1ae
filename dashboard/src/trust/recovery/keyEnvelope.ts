import { type Bytes, fromBase64, sameBytes, toBase64 } from '../protocol/bytes';
import { Malformed } from '../protocol/malformed';
import { DerReader, encode, encodeInteger, tags } from './der';

/** What a guess costs; OWASP's figure for PBKDF2-HMAC-SHA256, and the one that fleetctl uses. */
const iterations = 600_000;
/** A file names how often the passphrase is hashed; one that names thousands of millions would keep the page busy for hours. */
const maxIterations = 10_000_000;
const label = 'ENCRYPTED PRIVATE KEY';
const maxCharacters = 16 * 1024;

const oids = {
  pbes2: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d),
  pbkdf2: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c),
  hmacSha256: Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09),
  aes256Cbc: Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a),
};

/** An EncryptedPrivateKeyInfo (RFC 5958, section 3): PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018), as PEM (RFC 7468). */
export async function encryptKey(pkcs8: Bytes, passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const key = await derive(passphrase, salt, iterations, 'encrypt');
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, pkcs8));
  const prf = encode(tags.sequence, encode(tags.oid, oids.hmacSha256), encode(tags.null));
  const derivation = encode(tags.sequence, encode(tags.oid, oids.pbkdf2),
    encode(tags.sequence, encode(tags.octets, salt), encodeInteger(iterations), prf));
  const cipher = encode(tags.sequence, encode(tags.oid, oids.aes256Cbc), encode(tags.octets, iv));
  const algorithm = encode(tags.sequence, encode(tags.oid, oids.pbes2), encode(tags.sequence, derivation, cipher));
  return pem(encode(tags.sequence, algorithm, encode(tags.octets, encrypted)));
}

/** The PKCS#8 inside; null when the passphrase is another one. @throws Malformed for what is no such file. */
export async function decryptKey(text: string, passphrase: string): Promise<Bytes | null> {
  const { salt, count, iv, encrypted } = readEnvelope(parsePem(text));
  const key = await derive(passphrase, salt, count, 'decrypt');
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, encrypted));
  } catch (error) {
    // The padding is wrong, as it is with a wrong key.
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}

function readEnvelope(der: Bytes) {
  const file = new DerReader(der);
  const info = file.sequence();
  file.end();
  const algorithm = info.sequence();
  const encrypted = info.read(tags.octets);
  info.end();
  expect(algorithm, oids.pbes2);
  const parameters = algorithm.sequence();
  const derivation = parameters.sequence();
  expect(derivation, oids.pbkdf2);
  const kdf = derivation.sequence();
  const salt = kdf.read(tags.octets);
  const count = kdf.positive(maxIterations);
  if (kdf.peek() === tags.integer) kdf.positive(32);
  expect(kdf.sequence(), oids.hmacSha256);
  const cipher = parameters.sequence();
  expect(cipher, oids.aes256Cbc);
  const iv = cipher.read(tags.octets);
  if (iv.length !== 16 || encrypted.length === 0 || encrypted.length % 16 !== 0) throw new Malformed('Not of the length of AES blocks.');
  return { salt, count, iv, encrypted };
}

function expect(reader: DerReader, oid: Uint8Array): void {
  if (!sameBytes(reader.read(tags.oid), oid)) throw new Malformed('Encrypted in a way that is not used here.');
}

async function derive(passphrase: string, salt: Bytes, count: number, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: count }, base, { name: 'AES-CBC', length: 256 }, false, [use]);
}

const pem = (der: Bytes) => `-----BEGIN ${label}-----\n${(toBase64(der).match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;

function parsePem(text: string): Bytes {
  const found = text.length > maxCharacters ? null : new RegExp(`^\\s*-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----\\s*$`).exec(text);
  const der = found && fromBase64((found[1] ?? '').replaceAll(/\s/g, ''));
  if (!der) throw new Malformed('No encrypted key in PEM.');
  return der;
}
