import { canonicalJson } from '@/repository/canonicalJson';
import type { DraftBytes } from '@/repository/draft';
import { type Json, parseJson } from '@/repository/json';
import { type RepositoryKey, repositoryKey } from '@/repository/repositoryKey';
import { signMetadata } from '@/repository/signatures';
import type { Bytes } from '@/trust/protocol/bytes';
import type { SigningKey } from '@/trust/protocol/signingKey';

/** Metadata as fleetctl and the server make it, and as they never would. */
export type Plain = Record<string, unknown>;

const encode = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value));

export const jsonOf = (value: unknown): Json => parseJson(encode(value));

const header = (type: string, version: number, expires: string): Plain => ({ _type: type, spec_version: '1.0.31', version, expires });

export const end = '2027-11-30T12:00:00Z';

const keyTree = ({ tree }: RepositoryKey): unknown => JSON.parse(new TextDecoder().decode(canonicalJson(tree)).replaceAll('\n', '\\n'));

const role = (keys: readonly RepositoryKey[], threshold: number) => ({ keyids: keys.map(({ id }) => id).sort(), threshold });

export interface RootSpec {
  version?: number;
  expires?: string;
  root: readonly SigningKey[];
  rootThreshold?: number;
  targets: readonly SigningKey[];
  targetsThreshold?: number;
  online: SigningKey;
}

export async function rootOf({ version = 1, expires = end, root, rootThreshold = 1, targets, targetsThreshold = 1, online }: RootSpec): Promise<Plain> {
  const named = (keys: readonly SigningKey[]) => Promise.all(keys.map(({ publicKey }) => repositoryKey(publicKey)));
  const [rootKeys, targetsKeys, onlineKeys] = await Promise.all([named(root), named(targets), named([online])]);
  return {
    ...header('root', version, expires),
    consistent_snapshot: true,
    keys: Object.fromEntries([...rootKeys, ...targetsKeys, ...onlineKeys].map((key) => [key.id, keyTree(key)])),
    roles: { root: role(rootKeys, rootThreshold), targets: role(targetsKeys, targetsThreshold), snapshot: role(onlineKeys, 1), timestamp: role(onlineKeys, 1) },
  };
}

export const targetsOf = (version: number, targets: Plain, expires = end): Plain => ({ ...header('targets', version, expires), targets });

export const target = (custom?: Plain, sha256 = 'ab'.repeat(32), length = 11_534_336): Plain => ({ length, hashes: { sha256 }, ...(custom ? { custom } : {}) });

export const release = (change: Plain = {}): Plain => ({ messaging: { kind: 'agent', name: 'messaging-agent', version: '1.4.0', counter: 12, hardware: ['linux-arm64'], ...change } });

export async function signatureOf(signed: Plain, key: SigningKey): Promise<Plain> {
  return { keyid: (await repositoryKey(key.publicKey)).id, sig: await signMetadata(key, canonicalJson(jsonOf(signed))) };
}

/** A file with the signatures of these keys. */
export async function fileOf(signed: Plain, keys: readonly SigningKey[] = []): Promise<Bytes> {
  return encode({ signatures: await Promise.all(keys.map((key) => signatureOf(signed, key))), signed });
}

export const draftOf = async (signed: Plain, keys: readonly SigningKey[] = []): Promise<DraftBytes> => ({ file: await fileOf(signed, keys), signed: canonicalJson(jsonOf(signed)) });
