import type { Bytes } from './bytes';

/** Writes the protocol's subset of CBOR in its one form (messaging/spec/protocol.md, section 2). */
export class CborWriter {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  uint(value: number | bigint): this {
    return this.head(0, BigInt(value));
  }

  boolean(value: boolean): this {
    return this.raw(Uint8Array.of(value ? 0xf5 : 0xf4));
  }

  null(): this {
    return this.raw(Uint8Array.of(0xf6));
  }

  uintOrNull(value: number | bigint | null): this {
    return value === null ? this.null() : this.uint(value);
  }

  bytes(value: Uint8Array): this {
    return this.head(2, BigInt(value.length)).raw(value);
  }

  /** @throws RangeError when it has more bytes of UTF-8 than a reader takes. */
  text(value: string, max: number): this {
    if (/\p{Surrogate}/u.test(value)) throw new RangeError('A text has half of a surrogate pair.');
    const bytes = new TextEncoder().encode(value);
    if (bytes.length > max) throw new RangeError(`“${value.slice(0, 40)}” has more than ${max} bytes.`);
    return this.head(3, BigInt(bytes.length)).raw(bytes);
  }

  array(count: number): this {
    return this.head(4, BigInt(count));
  }

  /** A list, each item by `write`. */
  list<T>(items: readonly T[], max: number, write: (item: T) => void): this {
    if (items.length > max) throw new RangeError(`There are more than ${max}.`);
    this.array(items.length);
    for (const item of items) write(item);
    return this;
  }

  texts(items: readonly string[], max: number, maxBytes: number): this {
    return this.list(items, max, (item) => this.text(item, maxBytes));
  }

  map(count: number): this {
    return this.head(5, BigInt(count));
  }

  /** How many bytes there are by now. */
  get length(): number {
    return this.size;
  }

  finish(): Bytes {
    const result = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }

  private head(major: number, value: bigint): this {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${value.toString()} is not a number of the protocol.`);
    if (value < 24n) return this.raw(Uint8Array.of((major << 5) | Number(value)));
    const info = value < 1n << 8n ? 0 : value < 1n << 16n ? 1 : value < 1n << 32n ? 2 : 3;
    const bytes = new Uint8Array(1 + (1 << info));
    bytes[0] = (major << 5) | (24 + info);
    let rest = value;
    for (let i = bytes.length - 1; i > 0; i--) {
      bytes[i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.raw(bytes);
  }

  private raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.size += bytes.length;
    return this;
  }
}
