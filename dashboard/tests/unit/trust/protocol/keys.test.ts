import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url, toHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { PublicKey } from '@/trust/protocol/publicKey';
import { makeSigningKey, signBytes } from '@/trust/protocol/signingKey';
import { bytesOf, namedKeys } from '../vectors';

describe('public keys', () => {
  it.each(namedKeys.keys)('are named as the protocol says: $name', async ({ point, fingerprint, principalId, kid }) => {
    const key = PublicKey.read(bytesOf(point));
    expect(toHex(await key.fingerprint())).toBe(fingerprint);
    expect(await key.principalId()).toBe(principalId);
    expect(toHex(await key.kid())).toBe(kid);
  });

  it.each(namedKeys.refusedPoints)('are refused: $why', ({ point }) => expect(() => PublicKey.read(bytesOf(point))).toThrow(Malformed));

  it('verify what their other half has signed, and nothing else', async () => {
    const key = await makeSigningKey(false);
    const signature = await signBytes(key, bytesOf('0102'));
    expect(await key.publicKey.verify(signature, bytesOf('0102'))).toBe(true);
    expect(await key.publicKey.verify(signature, bytesOf('0103'))).toBe(false);
  });

  it('that were made here do not let their private half out', async () => {
    const { privateKey } = await makeSigningKey(false);
    expect(privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow();
  });
});

describe('base64url', () => {
  it('has one text for the same bytes', () => {
    expect(toBase64Url(bytesOf('fbff'))).toBe('-_8');
    expect(fromBase64Url('-_8')).toEqual(bytesOf('fbff'));
    for (const other of ['-_9', '-_8=', '+/8', '-_ 8', '-']) expect(fromBase64Url(other)).toBeNull();
  });
});
