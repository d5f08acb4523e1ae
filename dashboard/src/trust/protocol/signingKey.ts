import type { Bytes } from './bytes';
import { PublicKey } from './publicKey';

const es256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** An identity key that can sign, though its private half can perhaps not be read. */
export interface SigningKey {
  publicKey: PublicKey;
  privateKey: CryptoKey;
}

/** r || s, 64 bytes. */
export async function signBytes(key: SigningKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(es256, key.privateKey, bytes));
}

/** `extractable`: only for a key that is written into a file at once. */
export async function makeSigningKey(extractable: boolean): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, extractable, ['sign', 'verify']);
  return {
    privateKey: pair.privateKey,
    publicKey: PublicKey.read(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))),
  };
}
