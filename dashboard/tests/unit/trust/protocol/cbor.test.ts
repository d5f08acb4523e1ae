import { describe, expect, it } from 'vitest';
import { CborReader, isWellFormed } from '@/trust/protocol/cborReader';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { Malformed } from '@/trust/protocol/malformed';
import { bytesOf, vectors } from '../vectors';

const file = vectors('cbor') as { accepted: { why: string; hex: string }[]; refused: { why: string; hex: string }[] };

describe('the strict subset of CBOR', () => {
  it.each(file.accepted)('takes $why', ({ hex }) => expect(isWellFormed(bytesOf(hex))).toBe(true));
  it.each(file.refused)('refuses $why', ({ hex }) => expect(isWellFormed(bytesOf(hex))).toBe(false));

  it('refuses every part of what it takes, without another error', () => {
    for (const { hex } of file.accepted) {
      for (let end = 0; end < hex.length; end += 2) expect(isWellFormed(bytesOf(hex.slice(0, end)))).toBe(false);
    }
  });

  it('refuses a hundred thousand nested arrays', () => {
    expect(isWellFormed(new Uint8Array(100_000).fill(0x81))).toBe(false);
  });

  it('does not believe a length that is longer than the rest', () => {
    expect(() => new CborReader(bytesOf('5b7fffffffffffffff00')).bytes(Number.MAX_SAFE_INTEGER)).toThrow(Malformed);
  });
});

describe('the writer', () => {
  it.each([0n, 23n, 24n, 255n, 256n, 65_535n, 65_536n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_ffff_ffffn])('writes %s so that it is read again', (value) => {
    const bytes = new CborWriter().uint(value).finish();
    expect(new CborReader(bytes).uint64()).toBe(value);
    expect(isWellFormed(bytes)).toBe(true);
  });

  it('refuses what a reader would', () => {
    expect(() => new CborWriter().uint(1n << 64n)).toThrow(RangeError);
    expect(() => new CborWriter().text('ä'.repeat(33), 64)).toThrow(RangeError);
    expect(() => new CborWriter().text('\ud800', 64)).toThrow(RangeError);
  });
});
