import { ascii, type Bytes, sameBytes } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { Malformed } from './malformed';
import type { PublicKey } from './publicKey';
import { type SigningKey, signBytes } from './signingKey';

/** {1: -7}: ES256, the only protected header there is. */
export const protectedHeader = Uint8Array.of(0xa1, 0x01, 0x26);
export const signatureBytes = 64;

/** A COSE_Sign1 (RFC 9052, section 4.2) as it was received. Its payload is not to be believed before `verify`. */
export interface CoseSign1 {
  payload: Bytes;
  signature: Bytes;
}

export function readCoseSign1(data: Bytes): CoseSign1 {
  const reader = new CborReader(data);
  reader.fields(4);
  if (!sameBytes(reader.bytes(protectedHeader.length), protectedHeader)) throw new Malformed('Not signed by ES256.');
  reader.map(0);
  const message = { payload: reader.bytes(data.length), signature: reader.fixed(signatureBytes) };
  reader.end();
  return message;
}

export const verifyCoseSign1 = (message: CoseSign1, key: PublicKey, label: string) =>
  key.verify(message.signature, sign1Structure(label, message.payload));

export async function writeCoseSign1(key: SigningKey, label: string, payload: Bytes): Promise<Bytes> {
  const signature = await signBytes(key, sign1Structure(label, payload));
  return new CborWriter().array(4).bytes(protectedHeader).map(0).bytes(payload).bytes(signature).finish();
}

/** RFC 9052, section 4.4. The label keeps a signature from being taken for another kind of message. */
export const sign1Structure = (label: string, payload: Bytes) =>
  new CborWriter().array(4).text('Signature1', 10).bytes(protectedHeader).bytes(ascii(label)).bytes(payload).finish();
