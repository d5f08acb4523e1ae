import type { Bytes } from '../protocol/bytes';
import { Malformed } from '../protocol/malformed';

/** The little of DER (X.690) that an encrypted private key is made of. */
export const tags = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const;

export function encode(tag: number, ...contents: Uint8Array[]): Bytes {
  const size = contents.reduce((sum, part) => sum + part.length, 0);
  const head = size < 0x80 ? [tag, size] : size < 0x100 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 0xff];
  const bytes = new Uint8Array(head.length + size);
  bytes.set(head);
  let at = head.length;
  for (const part of contents) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A number that is not negative. */
export function encodeInteger(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return encode(tags.integer, Uint8Array.from((bytes[0] ?? 0x80) >= 0x80 ? [0, ...bytes] : bytes));
}

/** Reads one value after the other. What is not there, or of another type, is Malformed. */
export class DerReader {
  private at = 0;
  private readonly data: Bytes;

  constructor(data: Bytes) {
    this.data = data;
  }

  get atEnd(): boolean {
    return this.at === this.data.length;
  }

  end(): void {
    if (!this.atEnd) throw new Malformed('There is something behind the end.');
  }

  peek(): number | null {
    return this.data[this.at] ?? null;
  }

  read(tag: number): Bytes {
    if (this.data[this.at] !== tag) throw new Malformed('Something of another type.');
    const first = this.data[this.at + 1] ?? 0xff;
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (more > 2 || this.at + 2 + more > this.data.length) throw new Malformed('A length that makes no sense.');
    let size = first < 0x80 ? first : 0;
    for (let i = 0; i < more; i++) size = size * 256 + (this.data[this.at + 2 + i] ?? 0);
    const start = this.at + 2 + more;
    if (size > this.data.length - start || (more > 0 && size < (more === 1 ? 0x80 : 0x100))) throw new Malformed('A length that makes no sense.');
    this.at = start + size;
    return this.data.slice(start, this.at);
  }

  sequence(): DerReader {
    return new DerReader(this.read(tags.sequence));
  }

  /** At most so large, and at least 1. */
  positive(max: number): number {
    let value = 0;
    for (const byte of this.read(tags.integer)) value = value * 256 + byte;
    if (value < 1 || value > max) throw new Malformed('A number is out of range.');
    return value;
  }
}
