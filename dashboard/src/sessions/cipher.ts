import type { Bytes } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';

export const sealedKind = 2;
export const maxPacketBytes = 64 * 1024;
const headerBytes = 9;
const tagBytes = 16;
const maxNumber = 0x1_0000_0000;

/** One direction of a session: AES-256-GCM under strictly rising numbers, which are never used twice. */
export class SessionCipher {
  private readonly key: CryptoKey;
  private readonly baseNonce: Bytes;

  private constructor(key: CryptoKey, baseNonce: Bytes) {
    this.key = key;
    this.baseNonce = baseNonce;
  }

  /** `keys`: key and base nonce, 44 bytes. */
  static async of(keys: Bytes): Promise<SessionCipher> {
    return new SessionCipher(await crypto.subtle.importKey('raw', keys.slice(0, 32), 'AES-GCM', false, ['encrypt', 'decrypt']), keys.slice(32));
  }

  /** kind || number || ciphertext || tag. */
  async seal(number: number, plaintext: Bytes): Promise<Bytes> {
    const header = new Uint8Array(headerBytes);
    const view = new DataView(header.buffer);
    view.setUint8(0, sealedKind);
    view.setBigUint64(1, BigInt(number));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: this.nonce(number), additionalData: header }, this.key, plaintext);
    const packet = new Uint8Array(headerBytes + sealed.byteLength);
    packet.set(header);
    packet.set(new Uint8Array(sealed), headerBytes);
    return packet;
  }

  /** @throws Malformed for what is no packet, or was changed on the way. */
  async open(packet: Bytes): Promise<{ number: number; plaintext: Bytes }> {
    const number = readNumber(packet);
    try {
      const plaintext = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: this.nonce(number), additionalData: packet.slice(0, headerBytes) }, this.key, packet.slice(headerBytes),
      );
      return { number, plaintext: new Uint8Array(plaintext) };
    } catch (error) {
      if (error instanceof DOMException) throw new Malformed('It does not open.');
      throw error;
    }
  }

  private nonce(number: number): Bytes {
    const nonce = this.baseNonce.slice();
    const view = new DataView(nonce.buffer);
    view.setBigUint64(4, view.getBigUint64(4) ^ BigInt(number));
    return nonce;
  }
}

function readNumber(packet: Bytes): number {
  if (packet.length < headerBytes + tagBytes || packet.length > maxPacketBytes || packet[0] !== sealedKind) throw new Malformed('Not a packet of a session.');
  const number = new DataView(packet.buffer, packet.byteOffset).getBigUint64(1);
  if (number === 0n || number > BigInt(maxNumber)) throw new Malformed('There is no such number.');
  return Number(number);
}
