import { type Bytes, fromBase64, sameBytes, sha256, toBase64, toHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { PublicKey } from '@/trust/protocol/publicKey';
import { canonicalJson } from './canonicalJson';
import { objectOf, textOf } from './fields';
import type { JsonObject } from './json';
import { maxTextBytes } from './limits';

/** A P-256 key as a fleet's repository names it: by the SHA-256 of the key's canonical JSON (TUF 4.2), so that the id says which key it is. */
export interface RepositoryKey {
  /** 64 digits. */
  id: string;
  /** Of the point, as everywhere else; 64 digits. */
  fingerprint: string;
  key: PublicKey;
  tree: JsonObject;
}

const scheme = 'ecdsa-sha2-nistp256';

/** SubjectPublicKeyInfo { id-ecPublicKey, secp256r1 }, up to the point (RFC 5480, section 2). */
const prefix = Uint8Array.of(0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00);

export async function repositoryKey(key: PublicKey): Promise<RepositoryKey> {
  const tree: JsonObject = new Map<string, string | JsonObject>([['keytype', 'ecdsa'], ['scheme', scheme], ['keyval', new Map([['public', pem(key)]])]]);
  return { id: toHex(await sha256(canonicalJson(tree))), fingerprint: toHex(await key.fingerprint()), key, tree };
}

/** The key that metadata has under an id. @throws Malformed for another kind, another form or another id than a fleet's repository has. */
export async function readRepositoryKey(id: string, value: JsonObject): Promise<RepositoryKey> {
  const read = await repositoryKey(PublicKey.read(pointOf(textOf(objectOf(value, 'keyval'), 'public', maxTextBytes))));
  if (read.id !== id || !sameBytes(canonicalJson(read.tree), canonicalJson(value))) throw new Malformed(`The key ${id.slice(0, 8)} is not in the form that a fleet’s repository has.`);
  return read;
}

function pointOf(text: string): Bytes {
  const base64 = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)-----END PUBLIC KEY-----\n$/.exec(text)?.[1];
  const info = base64 === undefined ? null : fromBase64(base64.replaceAll('\n', ''));
  if (info === null || !sameBytes(info.slice(0, prefix.length), prefix)) throw new Malformed('A key is none of P-256.');
  return info.slice(prefix.length);
}

/** RFC 7468, ended by a line end as fleetctl writes it. */
function pem(key: PublicKey): string {
  const base64 = toBase64(Uint8Array.of(...prefix, ...key.point));
  return `-----BEGIN PUBLIC KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`;
}
