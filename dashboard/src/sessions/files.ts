import type { Bytes } from '@/trust/protocol/bytes';
import { CborReader } from '@/trust/protocol/cborReader';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { idOf } from '@/trust/protocol/fields';

const maxPathBytes = 4096;
const hashBytes = 32;

/** The largest file there is in the protocol. */
export const maxFileBytes = 2 ** 40;
const maxMode = 0o777;

/** Bytes that may be on their way in a session that carries a file. */
export const fileWindow = 768 * 1024;

export interface PushOrder {
  path: string;
  size: number;
  mode: number;
  sha256: Bytes;
  /** Whether a file that is there is replaced, whatever it is; else there must be none. */
  replaces: boolean;
}

/** The device's first message: the whole size, and how much of it is there already. */
export interface FileStart {
  size: number;
  offset: number;
  mode: number;
}

/** The arguments of the command `push` (messaging/spec/protocol.md, section 23.5). `point`: this end's key for this session. */
export function pushArguments(session: string, point: Bytes, order: PushOrder): Bytes {
  const writer = new CborWriter().array(7).bytes(idOf(session)).bytes(point).text(order.path, maxPathBytes).uint(order.size).uint(order.mode).bytes(order.sha256);
  return (order.replaces ? writer.null() : writer.bytes(new Uint8Array())).finish();
}

/** The arguments of the command `pull`, of the whole file. `largest`: the most bytes that this end takes. */
export const pullArguments = (session: string, point: Bytes, path: string, largest: number): Bytes =>
  new CborWriter().array(6).bytes(idOf(session)).bytes(point).text(path, maxPathBytes).uint(0).null().uint(largest).finish();

/** @throws Malformed when it is none. */
export function readStart(body: Bytes): FileStart {
  const reader = new CborReader(body);
  reader.fields(3);
  const size = reader.number(maxFileBytes);
  const offset = reader.number(size);
  const mode = reader.number(maxMode);
  reader.end();
  return { size, offset, mode };
}

/** The SHA-256 of the whole file. @throws Malformed when it is none. */
export function readSum(body: Bytes): Bytes {
  const reader = new CborReader(body);
  reader.fields(1);
  const sha256 = reader.fixed(hashBytes);
  reader.end();
  return sha256;
}
