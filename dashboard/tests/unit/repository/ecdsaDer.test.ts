import { createVerify, generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromDer, toDer } from '@/repository/ecdsaDer';
import { fromHex, toHex } from '@/trust/protocol/bytes';
import { makeSigningKey, signBytes } from '@/trust/protocol/signingKey';

const half = (hex: string) => hex.padStart(64, '0');
const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array();
const der = (r: string, s: string) => toHex(toDer(bytes(half(r) + half(s))));

describe('toDer', () => {
  it.each([
    ['short numbers', '01', '7f', '300602010102017f'],
    ['the highest bit set gets a zero in front', '80', 'ff', '3008020200800' + '20200ff'],
    ['zeros in front are left out', '00ff00', '0001', '30080203' + '00ff00' + '020101'],
    ['zero is one byte', '00', '00', '3006020100020100'],
  ])('%s', (_, r, s, expected) => {
    expect(der(r, s)).toBe(expected);
  });

  it('of the largest numbers takes 72 bytes', () => {
    const text = der('ff'.repeat(32), '80'.repeat(32));
    expect(text).toBe(`3046022100${'ff'.repeat(32)}022100${'80'.repeat(32)}`);
    expect(text.length).toBe(144);
  });

  it('is what others verify, and what others write is read back', async () => {
    const key = await makeSigningKey(true);
    const data = new TextEncoder().encode('what is signed');
    const verifier = await crypto.subtle.exportKey('spki', await crypto.subtle.importKey('raw', key.publicKey.point, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']));
    // Enough for each of the four cases of highest bits to come, and short numbers now and then.
    for (let i = 0; i < 64; i++) {
      const plain = await signBytes(key, data);
      const encoded = toDer(plain);
      expect(createVerify('SHA256').update(data).verify({ key: Buffer.from(verifier), format: 'der', type: 'spki' }, encoded)).toBe(true);
      expect(await fromDer(encoded)).toEqual(plain);
    }
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const theirs = new Uint8Array(nodeSign('sha256', data, other.privateKey));
    expect(toHex(toDer((await fromDer(theirs)) ?? new Uint8Array()))).toBe(toHex(theirs));
  });

  it('takes nothing but 64 bytes', () => {
    expect(() => toDer(new Uint8Array(63))).toThrow(RangeError);
  });
});

describe('fromDer', () => {
  it.each([
    ['nothing', ''], ['no sequence', '3106020101020101'], ['a byte behind it', '300602010102010100'], ['a number behind both', '3009020101020101020101'],
    ['one number', '3003020101'], ['a negative number', '3006020180020101'], ['a zero too many', '300702020001020101'], ['an empty number', '30050200020101'],
    ['33 bytes that are no zero first', `3026022101${'00'.repeat(32)}020101`], ['a length in its long form', '308106020101020101'], ['cut off', '30060201010201'],
  ])('refuses %s', async (_, hex) => {
    expect(await fromDer(bytes(hex))).toBeNull();
  });
});
