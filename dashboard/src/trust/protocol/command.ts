import { type Bytes, fromHex, toHex } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { type CoseSign, isSignedBy, readCoseSign, writeCoseSign } from './coseSign';
import { type CoseSign1, readCoseSign1, verifyCoseSign1, writeCoseSign1 } from './coseSign1';
import { type Freshness, maxSetSize, readFreshness, writeFreshness } from './deviceSet';
import { idOf, readId, readTime } from './fields';
import { Malformed } from './malformed';
import type { PublicKey } from './publicKey';
import type { SigningKey } from './signingKey';

export const maxArgumentBytes = 64 * 1024;
const maxTypeBytes = 64;
const label = 'messaging/1/command';
const hashBytes = 32;

/** Whom a command addresses: one device, or the devices of a set, named by the root of their Merkle tree. */
export type Target =
  | { kind: 0; id: string; rosterVersion: bigint }
  | { kind: 1; root: string; size: number; rosterVersion: bigint };

/** What a command says (messaging/spec/protocol.md, section 13). */
export interface CommandContent {
  /** 32 digits, random. */
  id: string;
  /** The principal that signs it. */
  issuer: string;
  /** Rises with each command of this issuer to this target. */
  sequence: bigint;
  target: Target;
  /** Unix milliseconds. */
  issuedAt: number;
  expiresAt: number;
  /** The boot that it may run in, and until which uptime; null: any, or a set, whose members have one each. */
  freshness: Freshness | null;
  idempotent: boolean;
  /** The device only says whether it would run it. */
  dryRun: boolean;
  type: string;
  /** CBOR of the type. */
  args: Bytes;
}

export interface Command {
  content: CommandContent;
  /** A COSE_Sign1, or the COSE_Sign of one that several must sign. */
  message: CoseSign1 | CoseSign;
}

export const signCommand = (key: SigningKey, content: CommandContent) => writeCoseSign1(key, label, commandPayload(content));

/** Of a command that several must sign. More are added by signing the same payload. */
export const signJointly = (key: SigningKey, payload: Bytes) => writeCoseSign([key], label, payload);

export function readCommand(data: Bytes): Command {
  // A COSE_Sign has no protected header of its body.
  const message = data[1] === 0x40 ? readCoseSign(data) : readCoseSign1(data);
  return { content: readCommandPayload(message.payload), message };
}

export const isCommandSignedBy = ({ message }: Command, signer: PublicKey) =>
  'signatures' in message ? isSignedBy(message, signer, label) : verifyCoseSign1(message, signer, label);

export function commandPayload(content: CommandContent): Bytes {
  const writer = new CborWriter().array(12).uint(1).bytes(idOf(content.id)).bytes(idOf(content.issuer)).uint(content.sequence);
  if (content.target.kind === 0) writer.array(3).uint(0).bytes(idOf(content.target.id));
  else writer.array(4).uint(1).bytes(hashOf(content.target.root)).uint(content.target.size);
  writer.uint(content.target.rosterVersion);
  writer.uint(content.issuedAt).uint(content.expiresAt);
  writeFreshness(writer, content.freshness);
  return writer.boolean(content.idempotent).boolean(content.dryRun).text(content.type, maxTypeBytes).bytes(content.args).finish();
}

function readCommandPayload(payload: Bytes): CommandContent {
  const reader = new CborReader(payload);
  reader.fields(12);
  reader.expect(1);
  const content = {
    id: readId(reader),
    issuer: readId(reader),
    sequence: reader.uint64(),
    target: readTarget(reader),
    issuedAt: readTime(reader),
    expiresAt: readTime(reader),
    freshness: readFreshness(reader),
    idempotent: reader.boolean(),
    dryRun: reader.boolean(),
    type: reader.text(maxTypeBytes),
    args: reader.bytes(maxArgumentBytes),
  };
  reader.end();
  if (content.target.kind === 1 && content.freshness !== null) throw new Malformed('A set is bound to boots by its members.');
  return content;
}

function readTarget(reader: CborReader): Target {
  const fields = reader.list(4);
  const kind = reader.number(1);
  if (fields !== 3 + kind) throw new Malformed('A target with a wrong number of fields.');
  if (kind === 0) return { kind, id: readId(reader), rosterVersion: reader.uint64() };
  const root = toHex(reader.fixed(hashBytes));
  const size = reader.number(maxSetSize);
  if (size === 0) throw new Malformed('A set of nobody.');
  return { kind: 1, root, size, rosterVersion: reader.uint64() };
}

function hashOf(text: string): Bytes {
  const bytes = fromHex(text);
  if (bytes?.length !== hashBytes) throw new RangeError(`${text} is no hash.`);
  return bytes;
}
