import { describe, expect, it } from 'vitest';
import { Sha256 } from '@/sessions/sha256';
import { sha256, toHex } from '@/trust/protocol/bytes';

describe('Sha256', () => {
  it('is what the standard says', () => {
    expect(toHex(new Sha256().finish())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(toHex(new Sha256().add(new TextEncoder().encode('abc')).finish())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70_001])('is the browser’s own over %d bytes, in whatever pieces', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 5)) & 0xff);
    const expected = toHex(await sha256(bytes));
    for (const piece of [1, 7, 64, 100, size]) {
      const hash = new Sha256();
      for (let at = 0; at < size; at += piece) hash.add(bytes.subarray(at, at + piece));
      expect(toHex(hash.finish())).toBe(expected);
    }
  });
});
