import { compareBytes } from './bytes';
import type { CborReader } from './cborReader';
import type { CborWriter } from './cborWriter';
import { type CoseSign, isSignedBy, maxSignatures } from './coseSign';
import { Malformed } from './malformed';
import { pointBytes, PublicKey } from './publicKey';

/** Keys of which as many as the threshold must sign together; by their kids ascending. */
export interface KeyRole {
  threshold: number;
  keys: readonly PublicKey[];
}

/** @throws RangeError when it could never be fulfilled, or a key is there twice. */
export async function makeKeyRole(threshold: number, keys: readonly PublicKey[]): Promise<KeyRole> {
  const byKid = await Promise.all(keys.map(async (key) => ({ key, kid: await key.kid() })));
  byKid.sort((a, b) => compareBytes(a.kid, b.kid));
  const role = { threshold, keys: byKid.map(({ key }) => key) };
  if (!(await isSound(role))) throw new RangeError(`A role has 1 to ${maxSignatures} keys, none twice, and needs at least one and at most all of them.`);
  return role;
}

export async function readKeyRole(reader: CborReader): Promise<KeyRole> {
  reader.fields(2);
  const threshold = reader.number(maxSignatures);
  const keys: PublicKey[] = [];
  for (let left = reader.list(maxSignatures); left > 0; left--) keys.push(PublicKey.read(reader.fixed(pointBytes)));
  const role = { threshold, keys };
  if (!(await isSound(role))) throw new Malformed('A role that could never be fulfilled.');
  return role;
}

export function writeKeyRole(writer: CborWriter, role: KeyRole): void {
  writer.array(2).uint(role.threshold).list(role.keys, maxSignatures, (key) => writer.bytes(key.point));
}

/** True when as many of the keys as must have signed the message. */
export async function isFulfilledBy(role: KeyRole, message: CoseSign, label: string): Promise<boolean> {
  const signed = await Promise.all(role.keys.map((key) => isSignedBy(message, key, label)));
  return signed.filter(Boolean).length >= role.threshold;
}

async function isSound({ threshold, keys }: KeyRole): Promise<boolean> {
  const kids = await Promise.all(keys.map((key) => key.kid()));
  const ascend = kids.every((kid, i) => i === 0 || compareBytes(kid, kids[i - 1] ?? kid) > 0);
  return ascend && threshold >= 1 && threshold <= keys.length && keys.length <= maxSignatures;
}
