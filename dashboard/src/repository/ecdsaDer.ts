import type { Bytes } from '@/trust/protocol/bytes';
import { Malformed, readOrNull } from '@/trust/protocol/malformed';
import { signatureBytes } from '@/trust/protocol/coseSign1';
import { DerReader, encode, tags } from '@/trust/recovery/der';

const half = signatureBytes / 2;

/** The signature of a browser, r || s, as metadata has it: DER (RFC 3279, section 2.2.3) in its shortest form. */
export function toDer(signature: Bytes): Bytes {
  if (signature.length !== signatureBytes) throw new RangeError(`A signature of P-256 has ${signatureBytes} bytes.`);
  return encode(tags.sequence, number(signature.slice(0, half)), number(signature.slice(half)));
}

/** r || s; null when it is no signature, or not the shortest form of one. */
export const fromDer = (der: Bytes): Promise<Bytes | null> => readOrNull(() => {
  const reader = new DerReader(der);
  const both = reader.sequence();
  reader.end();
  const signature = new Uint8Array(signatureBytes);
  for (const end of [half, signatureBytes]) {
    const bytes = magnitude(both.read(tags.integer));
    signature.set(bytes, end - bytes.length);
  }
  both.end();
  return signature;
});

/** A byte of zero in front keeps a number with the highest bit set from being taken for a negative one. */
function number(bytes: Bytes): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? new Uint8Array() : bytes.slice(first);
  return encode(tags.integer, (short[0] ?? 0x80) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), short);
}

function magnitude(bytes: Bytes): Bytes {
  const [first, second] = bytes;
  if (first === undefined || first >= 0x80) throw new Malformed('A number is missing, or negative.');
  if (first !== 0 || second === undefined) return within(bytes);
  if (second < 0x80) throw new Malformed('A number is not in its shortest form.');
  return within(bytes.slice(1));
}

function within(bytes: Bytes): Bytes {
  if (bytes.length > half) throw new Malformed('A number is too large.');
  return bytes;
}
