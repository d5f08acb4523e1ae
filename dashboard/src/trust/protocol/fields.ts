import { type Bytes, fromHex, toHex } from './bytes';
import type { CborReader } from './cborReader';
import { Malformed } from './malformed';
import { isPoint, pointBytes } from './publicKey';

/** The end of the year 9999 (messaging/spec/protocol.md, section 3). */
const lastMoment = 253_402_300_799_999;

const idBytes = 16;

/** Unix milliseconds. */
export const readTime = (reader: CborReader) => reader.number(lastMoment);

/** 32 lower-case digits. */
export const readId = (reader: CborReader) => toHex(reader.fixed(idBytes));

/** @throws RangeError when it is none. */
export function idOf(text: string): Bytes {
  const bytes = fromHex(text);
  if (bytes?.length !== idBytes) throw new RangeError(`${text} is no id.`);
  return bytes;
}

export function readList<T>(reader: CborReader, max: number, read: () => T): T[] {
  const items: T[] = [];
  for (let left = reader.list(max); left > 0; left--) items.push(read());
  return items;
}

export const readTexts = (reader: CborReader, max: number, maxBytes: number) => readList(reader, max, () => reader.text(maxBytes));

export function requireAtMost(bytes: Bytes, max: number, what: string): Bytes {
  if (bytes.length > max) throw new RangeError(`${what} has more than ${max} bytes.`);
  return bytes;
}

export function readPoints(reader: CborReader, max: number): Bytes[] {
  return readList(reader, max, () => {
    const point = reader.fixed(pointBytes);
    if (!isPoint(point)) throw new Malformed('Not a point of P-256.');
    return point;
  });
}
