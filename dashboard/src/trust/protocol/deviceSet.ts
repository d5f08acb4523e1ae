import { type Bytes, compareBytes, sha256, toHex } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { idOf, readId, readList } from './fields';
import { Malformed } from './malformed';

export const maxSetSize = 2 ** 20;
const maxOrderMembers = 100_000;

/** The boot that a command is bound to, and until which uptime. */
export interface Freshness {
  bootId: string;
  uptimeDeadlineMs: bigint;
}

/** A device of a set, with the boot that the command is bound to there. */
export interface SetMember {
  device: string;
  freshness: Freshness | null;
}

export function writeFreshness(writer: CborWriter, freshness: Freshness | null): void {
  if (freshness === null) writer.null();
  else writer.array(2).bytes(idOf(freshness.bootId)).uint(freshness.uptimeDeadlineMs);
}

export const readFreshness = (reader: CborReader): Freshness | null => reader.orNull(() => {
  reader.fields(2);
  return { bootId: readId(reader), uptimeDeadlineMs: reader.uint64() };
});

/** By device id, as the tree wants them. @throws RangeError when a device is there twice. */
export function sortMembers(members: readonly SetMember[]): SetMember[] {
  const sorted = members.toSorted((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : 0));
  if (sorted.length === 0 || sorted.some((member, i) => member.device === sorted[i - 1]?.device)) throw new RangeError('A set has devices, none twice.');
  return sorted;
}

/** The root of the Merkle tree (RFC 9162, section 2.1) over sorted members, 64 digits. */
export async function rootOf(members: readonly SetMember[]): Promise<string> {
  let level = await Promise.all(members.map((member) => sha256(prefixed(0, leafOf(member)))));
  while (level.length > 1) {
    const next: Promise<Bytes>[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Bytes, level[i + 1]];
      // Who has no neighbour goes up as it is.
      next.push(right ? sha256(prefixed(1, left, right)) : Promise.resolve(left));
    }
    level = await Promise.all(next);
  }
  return toHex(level[0] as Bytes);
}

/** What a server takes: a signed command and, for a set, its members (messaging/spec/protocol.md, section 13). */
export function writeOrder(command: Bytes, members: readonly SetMember[]): Bytes {
  const writer = new CborWriter().array(3).uint(1).bytes(command);
  return writer.list(members, maxOrderMembers, (member) => writeMember(writer, member)).finish();
}

export function readOrder(data: Bytes): { command: Bytes; members: SetMember[] } {
  const reader = new CborReader(data);
  reader.fields(3);
  reader.expect(1);
  const command = reader.bytes(data.length);
  const members = readList(reader, maxOrderMembers, () => {
    reader.fields(2);
    return { device: readId(reader), freshness: readFreshness(reader) };
  });
  reader.end();
  for (let i = 1; i < members.length; i++) {
    if (compareBytes(idOf(members[i]?.device ?? ''), idOf(members[i - 1]?.device ?? '')) <= 0) throw new Malformed('The members are not in order.');
  }
  return { command, members };
}

function leafOf(member: SetMember): Bytes {
  const writer = new CborWriter();
  writeMember(writer, member);
  return writer.finish();
}

function writeMember(writer: CborWriter, member: SetMember): void {
  writer.array(2).bytes(idOf(member.device));
  writeFreshness(writer, member.freshness);
}

function prefixed(prefix: number, ...parts: Bytes[]): Bytes {
  const bytes = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
