import { sameBytes } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { canonicalJson } from './canonicalJson';
import { numberOf, objectOf, requireOnly, textsOf } from './fields';
import { isObject, type JsonObject } from './json';
import { maxKeys, maxNameBytes, maxRoleKeys } from './limits';
import { type MetadataFile, readMetadata } from './metadata';
import { readRepositoryKey, type RepositoryKey } from './repositoryKey';

/** Keys of which as many as the threshold must sign; by their ids ascending. */
export interface RepositoryRole {
  threshold: number;
  keys: readonly RepositoryKey[];
}

/** Who signs what in a fleet's repository: people for the root and the targets, the server for the other two. */
export interface RepositoryRoot {
  file: MetadataFile;
  root: RepositoryRole;
  targets: RepositoryRole;
  /** Signs snapshot and timestamp. */
  online: RepositoryKey;
}

/** A root of the one shape that a fleet's repository has, so that these words say all of it. @throws Malformed */
export async function readRoot(bytes: Uint8Array<ArrayBuffer>): Promise<RepositoryRoot> {
  const file = await readMetadata(bytes, 'root');
  const { signed } = file;
  requireOnly(signed, ['_type', 'spec_version', 'version', 'expires', 'consistent_snapshot', 'keys', 'roles'], 'This root would');
  if (signed.get('consistent_snapshot') !== true) throw new Malformed('It is no root of consistent snapshots.');
  const keys = new Map<string, RepositoryKey>();
  for (const [id, value] of objectOf(signed, 'keys', maxKeys)) {
    if (!isObject(value)) throw new Malformed('A key is no object.');
    keys.set(id, await readRepositoryKey(id, value));
  }
  const roles = objectOf(signed, 'roles');
  requireOnly(roles, ['root', 'targets', 'snapshot', 'timestamp'], 'The roles of this root would');
  const [root, targets, snapshot, timestamp] = ['root', 'targets', 'snapshot', 'timestamp'].map((name) => readRole(objectOf(roles, name), keys, name)) as [RepositoryRole, RepositoryRole, RepositoryRole, RepositoryRole];
  const online = snapshot.keys[0];
  if (online === undefined || snapshot.keys.length !== 1 || !sameBytes(canonicalJson(objectOf(roles, 'snapshot')), canonicalJson(objectOf(roles, 'timestamp'))) || timestamp.threshold !== 1) {
    throw new Malformed('Snapshot and timestamp are not signed by one key, the server’s.');
  }
  const named = new Set([...root.keys, ...targets.keys, online].map(({ id }) => id));
  if (named.size !== keys.size) throw new Malformed('It has a key that is of no role.');
  return { file, root, targets, online };
}

function readRole(role: JsonObject, keys: ReadonlyMap<string, RepositoryKey>, name: string): RepositoryRole {
  requireOnly(role, ['keyids', 'threshold'], `The ${name}’s keys would`);
  const ids = textsOf(role, 'keyids', maxRoleKeys, maxNameBytes);
  const threshold = numberOf(role, 'threshold', 1);
  const named = ids.map((id) => keys.get(id)).filter((key) => key !== undefined);
  if (ids.some((id, i) => i > 0 && id <= (ids[i - 1] ?? id))) throw new Malformed(`The ${name}’s keys are not in their order.`);
  if (named.length !== ids.length || threshold > ids.length) throw new Malformed(`The ${name} could never be signed: it names keys that are not there.`);
  return { threshold, keys: named };
}
