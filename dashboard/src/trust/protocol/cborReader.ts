import type { Bytes } from './bytes';
import { Malformed } from './malformed';

const maxDepth = 16;
const maxUInt64 = 0xffff_ffff_ffff_ffffn;

/** Refuses what is no UTF-8, and keeps a byte order mark as the character that it is. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the protocol's strict subset of CBOR (messaging/spec/protocol.md, section 2). Whatever is not exactly what was asked for is
 * {@link Malformed}; nothing is set aside for a length or a count that the input only claims.
 */
export class CborReader {
  private position = 0;
  private readonly data: Bytes;

  constructor(data: Bytes) {
    this.data = data;
  }

  get atEnd(): boolean {
    return this.position === this.data.length;
  }

  /** A message ends here: a byte after it makes it malformed. */
  end(): void {
    if (!this.atEnd) throw new Malformed('There are bytes after the end.');
  }

  /** The major type of the next item (RFC 8949, section 3.1); 7 at the end. */
  peek(): number {
    return (this.data[this.position] ?? 0xff) >> 5;
  }

  uint64(max = maxUInt64): bigint {
    const value = this.head(0);
    if (value > max) throw new Malformed('A number is too large.');
    return value;
  }

  /** For what is known to fit a double. */
  number(max: number): number {
    return Number(this.uint64(BigInt(max)));
  }

  /** Versions, and numbers that say which form follows. */
  expect(value: number): void {
    if (this.uint64() !== BigInt(value)) throw new Malformed('It is of another version.');
  }

  boolean(): boolean {
    const byte = this.byte();
    if (byte !== 0xf4 && byte !== 0xf5) throw new Malformed('Not a boolean.');
    return byte === 0xf5;
  }

  /** Null if it is next, else what `read` makes of it. */
  orNull<T>(read: () => T): T | null {
    if (this.data[this.position] !== 0xf6) return read();
    this.position++;
    return null;
  }

  bytes(max: number): Bytes {
    return this.take(this.length(2, max));
  }

  fixed(length: number): Bytes {
    const value = this.bytes(length);
    if (value.length !== length) throw new Malformed(`Not ${length} bytes.`);
    return value;
  }

  /** At most so many bytes of UTF-8. */
  text(max: number): string {
    return this.decode(this.take(this.length(3, max)));
  }

  /** A message: an array of so many fields. */
  fields(count: number): void {
    if (this.list(count) !== count) throw new Malformed(`Not ${count} fields.`);
  }

  /** The number of what follows. */
  list(max: number): number {
    return this.length(4, max);
  }

  /** The number of pairs that follow. */
  map(max: number): number {
    return this.length(5, max);
  }

  /** Passes over one item of any kind that the subset has. */
  skip(depth = 0): void {
    const first = this.data[this.position] ?? 0xff;
    if (depth >= maxDepth && (first >> 5 === 4 || first >> 5 === 5)) throw new Malformed('Nested too deeply.');
    switch (first >> 5) {
      case 0:
      case 1:
        this.head(first >> 5);
        return;
      case 2:
        this.bytes(this.data.length);
        return;
      case 3:
        this.text(this.data.length);
        return;
      case 4:
        for (let left = this.list(this.data.length); left > 0; left--) this.skip(depth + 1);
        return;
      case 5:
        this.pairs(depth);
        return;
      default:
        if (first !== 0xf4 && first !== 0xf5 && first !== 0xf6) throw new Malformed('Neither true, false nor null.');
        this.position++;
    }
  }

  /** Keys are integers from -24 to 23, each one byte, and these ascend. */
  private pairs(depth: number): void {
    let last = -1;
    for (let left = this.map(this.data.length); left > 0; left--) {
      const key = this.byte();
      if ((key > 0x17 && key < 0x20) || key > 0x37 || key <= last) throw new Malformed('A key of a map is out of order, or none.');
      last = key;
      this.skip(depth + 1);
    }
  }

  /** A length or count; never more than the bytes that are left. */
  private length(major: number, max: number): number {
    const value = this.head(major);
    if (value > BigInt(Math.min(max, this.data.length - this.position))) throw new Malformed('It is longer than it may be.');
    return Number(value);
  }

  /** In its shortest form only. */
  private head(major: number): bigint {
    const first = this.byte();
    const info = first & 0x1f;
    if (first >> 5 !== major || info > 27) throw new Malformed('Something of another type.');
    if (info < 24) return BigInt(info);
    const size = 1 << (info - 24);
    let value = 0n;
    for (const byte of this.take(size)) value = (value << 8n) | BigInt(byte);
    if (value < (size === 1 ? 24n : 1n << BigInt(4 * size))) throw new Malformed('A number is not in its shortest form.');
    return value;
  }

  private byte(): number {
    const byte = this.data[this.position];
    if (byte === undefined) throw new Malformed('It ends too early.');
    this.position++;
    return byte;
  }

  private take(length: number): Bytes {
    if (length > this.data.length - this.position) throw new Malformed('It ends too early.');
    this.position += length;
    return this.data.slice(this.position - length, this.position);
  }

  private decode(bytes: Bytes): string {
    try {
      return utf8.decode(bytes);
    } catch (error) {
      if (error instanceof TypeError) throw new Malformed('A text is no UTF-8.');
      throw error;
    }
  }
}

/** Whether the bytes are exactly one item of the subset. */
export function isWellFormed(data: Bytes): boolean {
  const reader = new CborReader(data);
  try {
    reader.skip();
    return reader.atEnd;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}
