import type { Bytes } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { type CoseSign, readCoseSign, writeCoseSign } from './coseSign';
import { idOf, readId, readList, readPoints, readTexts, readTime, requireAtMost } from './fields';
import { isFulfilledBy, type KeyRole } from './keyRole';
import { Malformed } from './malformed';
import { type PolicyRule, readRules, writeRules } from './policy';
import { pointBytes, PublicKey } from './publicKey';
import type { SigningKey } from './signingKey';

export const maxRosterBytes = 160 * 1024;
export const maxPrincipals = 256;
const maxHpkeKeys = 8;
const maxRoles = 16;
const maxRoleBytes = 64;
const maxHomes = 16;
const maxHomeBytes = 512;
const label = 'messaging/1/roster';

/** Somebody whose words devices heed. */
export interface Principal {
  /** 32 digits. */
  id: string;
  identity: PublicKey;
  /** Points to seal to, newest first. */
  hpke: readonly Bytes[];
  roles: readonly string[];
  /** After when it may command nothing, Unix milliseconds; null: as long as the roster says so. */
  notAfter: number | null;
}

/** Who is who in a fleet, and who may have what done. */
export interface RosterContent {
  fleetId: string;
  /** The root whose owners sign it. */
  rootVersion: bigint;
  version: bigint;
  /** Unix milliseconds. */
  issuedAt: number;
  /** After when it lets nobody but servers command; null: never. */
  expiresAt: number | null;
  principals: readonly Principal[];
  rules: readonly PolicyRule[];
  homes: readonly string[];
}

export interface Roster {
  content: RosterContent;
  bytes: Bytes;
  message: CoseSign;
}

export function readRoster(bytes: Bytes): Roster {
  if (bytes.length > maxRosterBytes) throw new Malformed('A roster that is too long.');
  const message = readCoseSign(bytes);
  return { content: readRosterPayload(message.payload), bytes, message };
}

export function readRosterPayload(payload: Bytes): RosterContent {
  const reader = new CborReader(payload);
  reader.fields(9);
  reader.expect(2);
  const content = {
    fleetId: readId(reader),
    rootVersion: reader.uint64(),
    version: reader.uint64(),
    issuedAt: readTime(reader),
    expiresAt: reader.orNull(() => readTime(reader)),
    principals: readList(reader, maxPrincipals, () => readPrincipal(reader)),
    rules: readRules(reader),
    homes: readTexts(reader, maxHomes, maxHomeBytes),
  };
  reader.end();
  if (new Set(content.principals.map(({ id }) => id)).size < content.principals.length) throw new Malformed('A principal is there twice.');
  return content;
}

function readPrincipal(reader: CborReader): Principal {
  reader.fields(5);
  return {
    id: readId(reader),
    identity: PublicKey.read(reader.fixed(pointBytes)),
    hpke: readPoints(reader, maxHpkeKeys),
    roles: readTexts(reader, maxRoles, maxRoleBytes),
    notAfter: reader.orNull(() => readTime(reader)),
  };
}

export function rosterPayload(content: RosterContent): Bytes {
  const writer = new CborWriter().array(9).uint(2).bytes(idOf(content.fleetId))
    .uint(content.rootVersion).uint(content.version).uint(content.issuedAt).uintOrNull(content.expiresAt);
  writer.list(content.principals, maxPrincipals, (principal) => {
    writer.array(5).bytes(idOf(principal.id)).bytes(principal.identity.point);
    writer.list(principal.hpke, maxHpkeKeys, (point) => writer.bytes(point)).texts(principal.roles, maxRoles, maxRoleBytes).uintOrNull(principal.notAfter);
  });
  writeRules(writer, content.rules);
  return writer.texts(content.homes, maxHomes, maxHomeBytes).finish();
}

export async function signRoster(content: RosterContent, keys: readonly SigningKey[]): Promise<Roster> {
  return readRoster(requireAtMost(await writeCoseSign(keys, label, rosterPayload(content)), maxRosterBytes, 'The roster'));
}

export const isRosterSignedBy = (roster: Roster, owners: KeyRole) => isFulfilledBy(owners, roster.message, label);
