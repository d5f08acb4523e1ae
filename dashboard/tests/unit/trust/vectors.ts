import { readFileSync } from 'node:fs';
import { type Bytes, fromHex } from '@/trust/protocol/bytes';
import { PublicKey } from '@/trust/protocol/publicKey';
import type { SigningKey } from '@/trust/protocol/signingKey';

/** A file of the language-neutral vectors (messaging/spec/vectors). */
export const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../messaging/spec/vectors/${name}.json`, import.meta.url), 'utf8'));

export function bytesOf(hex: string): Bytes {
  const bytes = fromHex(hex);
  if (bytes === null) throw new Error(`${hex} is not hexadecimal.`);
  return bytes;
}

interface NamedKey {
  name: string;
  scalar: string;
  point: string;
  fingerprint: string;
  principalId: string;
  kid: string;
}

export const namedKeys = vectors('keys') as { keys: NamedKey[]; refusedPoints: { why: string; point: string }[] };

export function publicKey(name: string): PublicKey {
  const found = namedKeys.keys.find((key) => key.name === name);
  if (!found) throw new Error(`There is no key ${name}.`);
  return PublicKey.read(bytesOf(found.point));
}

/** A key of the vectors that can sign. */
export async function signingKey(name: string): Promise<SigningKey> {
  const found = namedKeys.keys.find((key) => key.name === name);
  if (!found) throw new Error(`There is no key ${name}.`);
  const url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: url(found.scalar), x: url(found.point.slice(2, 66)), y: url(found.point.slice(66)) };
  return {
    publicKey: publicKey(name),
    privateKey: await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
  };
}
