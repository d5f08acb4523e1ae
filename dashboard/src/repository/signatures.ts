import { type Bytes, toHex } from '@/trust/protocol/bytes';
import type { KeyRole } from '@/trust/protocol/keyRole';
import { type SigningKey, signBytes } from '@/trust/protocol/signingKey';
import { fromDer, toDer } from './ecdsaDer';
import type { MetadataFile } from './metadata';
import type { RepositoryKey } from './repositoryKey';
import type { RepositoryRole } from './root';

/** In DER, in hexadecimal digits, as the server takes it. */
export const signMetadata = async (key: SigningKey, canonical: Bytes): Promise<string> => toHex(toDer(await signBytes(key, canonical)));

/** Whether the key has signed it, under the id that it has in a fleet's repository. */
export async function isSignedBy(file: MetadataFile, { id, key }: RepositoryKey): Promise<boolean> {
  const plain = await fromDer(file.signatures.get(id) ?? new Uint8Array());
  return plain !== null && key.verify(plain, file.canonical);
}

/** The keys of the role that have signed. */
export async function signersOf(file: MetadataFile, role: RepositoryRole): Promise<readonly RepositoryKey[]> {
  const signed = await Promise.all(role.keys.map((key) => isSignedBy(file, key)));
  return role.keys.filter((_, i) => signed[i]);
}

export const isMetBy = async (file: MetadataFile, role: RepositoryRole) => (await signersOf(file, role)).length >= role.threshold;

/** Whether as many of the fleet's keys as must have signed, under whatever id: where the trust in a repository begins. */
export async function isAnchoredBy(file: MetadataFile, fleet: KeyRole): Promise<boolean> {
  const plain = (await Promise.all([...file.signatures.values()].map((der) => fromDer(der)))).filter((one) => one !== null);
  const signed = await Promise.all(fleet.keys.map(async (key) => (await Promise.all(plain.map((one) => key.verify(one, file.canonical)))).some(Boolean)));
  return signed.filter(Boolean).length >= fleet.threshold;
}
