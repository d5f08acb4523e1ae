import { type Bytes, fromHex, sha256, toHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { canonicalJson } from './canonicalJson';
import { listOf, numberOf, objectOf, textOf } from './fields';
import { isObject, type JsonObject, parseJson } from './json';
import { maxFileBytes, maxNameBytes, maxSignatures, type Role } from './limits';

/** A metadata file (TUF 4.2.1): what is signed, and signatures that are not to be believed before somebody has verified them. */
export interface MetadataFile {
  role: Role;
  signed: JsonObject;
  /** Exactly the bytes that signatures are over. */
  canonical: Bytes;
  /** SHA-256 of these, 64 digits. */
  digest: string;
  /** In DER, by the ids of keys; empty for a text that is none. */
  signatures: ReadonlyMap<string, Bytes>;
  /** From 1 on. */
  version: number;
  /** From then on it is not to be trusted; Unix milliseconds. */
  expires: number;
}

/** @throws Malformed */
export async function readMetadata(bytes: Bytes, role: Role): Promise<MetadataFile> {
  if (bytes.length > maxFileBytes[role]) throw new Malformed(`It has ${bytes.length} bytes, and devices read at most ${maxFileBytes[role]} of ${role}.`);
  const file = parseJson(bytes);
  if (!isObject(file)) throw new Malformed('It is no object.');
  const signed = objectOf(file, 'signed');
  const type = textOf(signed, '_type', 32);
  if (type !== role) throw new Malformed(`It says that it is ${type}, and not ${role}.`);
  if (!/^1(?:\.\d+)*$/.test(textOf(signed, 'spec_version', 32))) throw new Malformed('It is of another version of TUF than 1.');
  const canonical = canonicalJson(signed);
  return {
    role, signed, canonical, digest: toHex(await sha256(canonical)), signatures: readSignatures(file), version: numberOf(signed, 'version', 1), expires: readTime(textOf(signed, 'expires', 32)),
  };
}

function readSignatures(file: JsonObject): ReadonlyMap<string, Bytes> {
  const signatures = new Map<string, Bytes>();
  for (const one of listOf(file, 'signatures', maxSignatures)) {
    if (!isObject(one)) throw new Malformed('A signature is no object.');
    const keyId = textOf(one, 'keyid', maxNameBytes);
    if (signatures.has(keyId)) throw new Malformed('A keyid stands twice in signatures.');
    const hex = one.get('sig');
    if (typeof hex !== 'string') throw new Malformed('A signature is no text.');
    signatures.set(keyId, fromHex(hex) ?? new Uint8Array());
  }
  return signatures;
}

/** `YYYY-MM-DDTHH:MM:SSZ` and nothing else. */
function readTime(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  // A day that there is none of would be another day.
  if (Number.isNaN(time) || new Date(time).toISOString() !== text.replace('Z', '.000Z')) throw new Malformed('expires is no time such as 2030-01-31T12:00:00Z.');
  return time;
}
