import { ascii, type Bytes, compareBytes, sameBytes } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { protectedHeader, signatureBytes } from './coseSign1';
import { Malformed } from './malformed';
import type { PublicKey } from './publicKey';
import { type SigningKey, signBytes } from './signingKey';

export const maxSignatures = 8;
const kidLabel = 4;
const kidBytes = 8;

/** A COSE_Sign (RFC 9052, section 4.1) as it was received: one payload, the signatures of one to eight keys, by their kids. */
export interface CoseSign {
  payload: Bytes;
  signatures: { kid: Bytes; signature: Bytes }[];
}

export function readCoseSign(data: Bytes): CoseSign {
  const reader = new CborReader(data);
  reader.fields(4);
  reader.fixed(0);
  reader.map(0);
  const payload = reader.bytes(data.length);
  const count = reader.list(maxSignatures);
  if (count === 0) throw new Malformed('Nobody signed it.');
  const signatures: CoseSign['signatures'] = [];
  for (let i = 0; i < count; i++) {
    const signature = readSignature(reader);
    const before = signatures[i - 1];
    if (before && compareBytes(signature.kid, before.kid) <= 0) throw new Malformed('The signatures are not in the order of their kids.');
    signatures.push(signature);
  }
  reader.end();
  return { payload, signatures };
}

function readSignature(reader: CborReader) {
  reader.fields(3);
  if (!sameBytes(reader.bytes(protectedHeader.length), protectedHeader)) throw new Malformed('Not signed by ES256.');
  if (reader.map(1) !== 1) throw new Malformed('A signature has no kid.');
  reader.expect(kidLabel);
  return { kid: reader.fixed(kidBytes), signature: reader.fixed(signatureBytes) };
}

/** True when the key signed exactly this payload under this label. */
export async function isSignedBy(message: CoseSign, key: PublicKey, label: string): Promise<boolean> {
  const kid = await key.kid();
  const found = message.signatures.find((one) => sameBytes(one.kid, kid));
  return found !== undefined && key.verify(found.signature, signStructure(label, message.payload));
}

/** Signs with every key, none twice. */
export async function writeCoseSign(keys: readonly SigningKey[], label: string, payload: Bytes): Promise<Bytes> {
  const structure = signStructure(label, payload);
  const signatures = await Promise.all(keys.map(async (key) => ({ kid: await key.publicKey.kid(), signature: await signBytes(key, structure) })));
  signatures.sort((a, b) => compareBytes(a.kid, b.kid));
  const writer = new CborWriter().array(4).bytes(new Uint8Array()).map(0).bytes(payload);
  return writer.list(signatures, maxSignatures, ({ kid, signature }) => {
    writer.array(3).bytes(protectedHeader).map(1).uint(kidLabel).bytes(kid).bytes(signature);
  }).finish();
}

/** RFC 9052, section 4.4. */
export const signStructure = (label: string, payload: Bytes) => new CborWriter()
  .array(5).text('Signature', 9).bytes(new Uint8Array()).bytes(protectedHeader).bytes(ascii(label)).bytes(payload).finish();
