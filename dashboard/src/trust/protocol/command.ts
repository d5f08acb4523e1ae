import type { Bytes } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { type CoseSign1, readCoseSign1, verifyCoseSign1, writeCoseSign1 } from './coseSign1';
import { idOf, readId, readTime } from './fields';
import type { PublicKey } from './publicKey';
import type { SigningKey } from './signingKey';

export const maxArgumentBytes = 64 * 1024;
const maxTypeBytes = 64;
const label = 'messaging/1/command';

/** What a command says (messaging/spec/protocol.md, section 13). */
export interface CommandContent {
  /** 32 digits, random. */
  id: string;
  /** The principal that signs it. */
  issuer: string;
  /** Rises with each command of this issuer to this target. */
  sequence: bigint;
  /** kind 0: a device, 1: a group. */
  target: { kind: number; id: string; rosterVersion: bigint };
  /** Unix milliseconds. */
  issuedAt: number;
  expiresAt: number;
  /** The boot that it may run in, and until which uptime; null: any. */
  freshness: { bootId: string; uptimeDeadlineMs: bigint } | null;
  idempotent: boolean;
  type: string;
  /** CBOR of the type. */
  args: Bytes;
}

export interface Command {
  content: CommandContent;
  message: CoseSign1;
}

export const signCommand = (key: SigningKey, content: CommandContent) => writeCoseSign1(key, label, commandPayload(content));

export function readCommand(data: Bytes): Command {
  const message = readCoseSign1(data);
  return { content: readCommandPayload(message.payload), message };
}

export const isCommandSignedBy = (command: Command, issuer: PublicKey) => verifyCoseSign1(command.message, issuer, label);

export function commandPayload(content: CommandContent): Bytes {
  const writer = new CborWriter().array(11).uint(1).bytes(idOf(content.id)).bytes(idOf(content.issuer)).uint(content.sequence);
  writer.array(3).uint(content.target.kind).bytes(idOf(content.target.id)).uint(content.target.rosterVersion);
  writer.uint(content.issuedAt).uint(content.expiresAt);
  if (content.freshness === null) writer.null();
  else writer.array(2).bytes(idOf(content.freshness.bootId)).uint(content.freshness.uptimeDeadlineMs);
  return writer.boolean(content.idempotent).text(content.type, maxTypeBytes).bytes(content.args).finish();
}

function readCommandPayload(payload: Bytes): CommandContent {
  const reader = new CborReader(payload);
  reader.fields(11);
  reader.expect(1);
  const content = {
    id: readId(reader),
    issuer: readId(reader),
    sequence: reader.uint64(),
    target: readTarget(reader),
    issuedAt: readTime(reader),
    expiresAt: readTime(reader),
    freshness: reader.orNull(() => {
      reader.fields(2);
      return { bootId: readId(reader), uptimeDeadlineMs: reader.uint64() };
    }),
    idempotent: reader.boolean(),
    type: reader.text(maxTypeBytes),
    args: reader.bytes(maxArgumentBytes),
  };
  reader.end();
  return content;
}

function readTarget(reader: CborReader) {
  reader.fields(3);
  return { kind: reader.number(1), id: readId(reader), rosterVersion: reader.uint64() };
}
