import { ascii, type Bytes, sameBytes, sha256, toHex } from './bytes';
import { Malformed } from './malformed';

export const pointBytes = 65;

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const es256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** An identity key's public half: an uncompressed point of P-256 (messaging/spec/protocol.md, section 4). Immutable. */
export class PublicKey {
  readonly point: Bytes;
  private key: Promise<CryptoKey> | null = null;

  private constructor(point: Bytes) {
    this.point = point;
  }

  /** @throws Malformed for any other form, and for points that are not on the curve. */
  static read(point: Bytes): PublicKey {
    if (!isPoint(point)) throw new Malformed('Not a point of P-256.');
    return new PublicKey(point);
  }

  equals(other: PublicKey): boolean {
    return sameBytes(this.point, other.point);
  }

  /** SHA-256 of the point. */
  fingerprint(): Promise<Bytes> {
    return sha256(this.point);
  }

  /** What signatures of several keys are found by. */
  async kid(): Promise<Bytes> {
    return (await this.fingerprint()).slice(0, 8);
  }

  /** Of whoever begins with this key; 32 digits. */
  async principalId(): Promise<string> {
    const label = ascii('messaging/1/principal\0');
    const input = new Uint8Array(label.length + pointBytes);
    input.set(label);
    input.set(this.point, label.length);
    return toHex((await sha256(input)).slice(0, 16));
  }

  async verify(signature: Bytes, signed: Bytes): Promise<boolean> {
    this.key ??= crypto.subtle.importKey('raw', this.point, ecdsa, true, ['verify']);
    return crypto.subtle.verify(es256, await this.key, signature, signed);
  }
}

/** Checked here and not left to the browser, which takes compressed points as well. */
export function isPoint(point: Bytes): boolean {
  if (point.length !== pointBytes || point[0] !== 4) return false;
  const x = integer(point.slice(1, 33));
  const y = integer(point.slice(33));
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

const integer = (bytes: Bytes) => BigInt(`0x${toHex(bytes)}`);
