import { ascii, type Bytes, sha256 } from '@/trust/protocol/bytes';
import { SessionCipher } from './cipher';

const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const;
const keyBytes = 32;
const directionBytes = keyBytes + 12;

/** This end's key for one session; its private half cannot be read, and is gone with the page. */
export interface EphemeralKey {
  privateKey: CryptoKey;
  point: Bytes;
}

export async function makeEphemeralKey(): Promise<EphemeralKey> {
  const pair = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
  return { privateKey: pair.privateKey, point: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}

/** Both directions: 44 bytes up, 44 bytes down (messaging/spec/protocol.md, section 23.2). */
export async function expandKeys(own: CryptoKey, peer: Bytes, acceptPayload: Bytes): Promise<Bytes> {
  const peerKey = await crypto.subtle.importKey('raw', peer, ecdh, false, []);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: peerKey }, own, 256);
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  const label = ascii('messaging/1/session');
  const info = new Uint8Array(label.length + 32);
  info.set(label);
  info.set(await sha256(acceptPayload), label.length);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, secret, 2 * 8 * directionBytes));
}

/** What this end opens and seals with. */
export async function deriveCiphers(own: CryptoKey, peer: Bytes, acceptPayload: Bytes): Promise<{ up: SessionCipher; down: SessionCipher }> {
  const keys = await expandKeys(own, peer, acceptPayload);
  return { up: await SessionCipher.of(keys.slice(0, directionBytes)), down: await SessionCipher.of(keys.slice(directionBytes)) };
}
