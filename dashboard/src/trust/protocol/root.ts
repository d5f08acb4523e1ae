import { type Bytes, sha256, toHex } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { type CoseSign, readCoseSign, writeCoseSign } from './coseSign';
import { idOf, readId, readTime, requireAtMost } from './fields';
import { isFulfilledBy, type KeyRole, readKeyRole, writeKeyRole } from './keyRole';
import { Malformed } from './malformed';
import type { SigningKey } from './signingKey';

export const maxRootBytes = 4096;
const label = 'messaging/1/root';

/** What a root says: who may say everything else. */
export interface RootContent {
  /** 32 digits, the fleet's random name. */
  fleetId: string;
  /** 1 for the first; each next one is one higher. */
  version: bigint;
  /** Unix milliseconds. */
  issuedAt: number;
  /** The keys that sign this and the next root. */
  root: KeyRole;
  /** The keys that sign rosters. */
  owner: KeyRole;
}

/** The beginning of all trust in a fleet (messaging/spec/protocol.md, section 15), as it was received or made. */
export interface Root {
  content: RootContent;
  bytes: Bytes;
  /** SHA-256 of what it says, 64 digits: who signed it makes no difference. */
  fingerprint: string;
  message: CoseSign;
}

export async function readRoot(bytes: Bytes): Promise<Root> {
  if (bytes.length > maxRootBytes) throw new Malformed('A root that is too long.');
  const message = readCoseSign(bytes);
  return { content: await readRootPayload(message.payload), bytes, fingerprint: toHex(await sha256(message.payload)), message };
}

export async function readRootPayload(payload: Bytes): Promise<RootContent> {
  const reader = new CborReader(payload);
  reader.fields(6);
  reader.expect(1);
  const fleetId = readId(reader);
  const version = reader.uint64();
  if (version === 0n) throw new Malformed('A root of version 0.');
  const issuedAt = readTime(reader);
  const root = await readKeyRole(reader);
  const owner = await readKeyRole(reader);
  reader.end();
  return { fleetId, version, issuedAt, root, owner };
}

export function rootPayload(content: RootContent): Bytes {
  const writer = new CborWriter().array(6).uint(1).bytes(idOf(content.fleetId)).uint(content.version).uint(content.issuedAt);
  writeKeyRole(writer, content.root);
  writeKeyRole(writer, content.owner);
  return writer.finish();
}

export async function signRoot(content: RootContent, keys: readonly SigningKey[]): Promise<Root> {
  return readRoot(requireAtMost(await writeCoseSign(keys, label, rootPayload(content)), maxRootBytes, 'The root'));
}

export const isRootSignedBy = (root: Root, role: KeyRole) => isFulfilledBy(role, root.message, label);

/** True when this is the version after another one, and both the old keys and the new ones say so (TUF 1.0, section 5.3). */
export async function follows(root: Root, before: Root): Promise<boolean> {
  return root.content.fleetId === before.content.fleetId
    && root.content.version === before.content.version + 1n
    && (await isRootSignedBy(root, before.content.root))
    && (await isRootSignedBy(root, root.content.root));
}
