import { type Bytes, sameBytes, sha256 } from '@/trust/protocol/bytes';
import { CborReader } from '@/trust/protocol/cborReader';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { readCoseSign1, verifyCoseSign1 } from '@/trust/protocol/coseSign1';
import { idOf, readId } from '@/trust/protocol/fields';
import { Malformed } from '@/trust/protocol/malformed';
import { isPoint, pointBytes, PublicKey } from '@/trust/protocol/publicKey';

export const acceptKind = 1;
const acceptLabel = 'messaging/1/session-accept';
const updateLabel = 'messaging/1/key-update';
const maxUpdates = 64;
const signatureBytes = 64;

/** What a session was opened with: what the device's answer has to fit. */
export interface SessionOrder {
  device: string;
  command: string;
  /** Of the command; this end's key is a part of them. */
  args: Bytes;
}

/** The device's answer: its key for the session, and what it signed, which the session's keys are bound to. */
export interface SessionAccept {
  point: Bytes;
  payload: Bytes;
}

/** @throws Malformed for anything but the answer of exactly this device to exactly this command. */
export async function readAccept(packet: Bytes, order: SessionOrder): Promise<SessionAccept> {
  if (packet[0] !== acceptKind) throw new Malformed('Not the answer of a device.');
  const reader = new CborReader(packet.slice(1));
  reader.fields(3);
  const signed = readCoseSign1(reader.bytes(packet.length));
  const key = await readCurrentKey(reader, order.device);
  reader.end();
  if (!(await verifyCoseSign1(signed, key, acceptLabel))) throw new Malformed('The device has not signed this.');
  const point = signed.payload.slice(-pointBytes);
  if (!isPoint(point) || !sameBytes(signed.payload, await acceptPayload(order, point))) throw new Malformed('It answers something else.');
  return { point, payload: signed.payload };
}

export const acceptPayload = async (order: SessionOrder, point: Bytes): Promise<Bytes> =>
  new CborWriter().array(5).uint(1).bytes(idOf(order.command)).bytes(idOf(order.device)).bytes(await sha256(order.args)).bytes(point).finish();

/** The device's id is derived from its first key, and each key signed the next. */
async function readCurrentKey(reader: CborReader, device: string): Promise<PublicKey> {
  let key = PublicKey.read(reader.fixed(pointBytes));
  if ((await key.principalId()) !== device) throw new Malformed('Another device answers.');
  let last = 0n;
  for (let left = reader.list(maxUpdates); left > 0; left--) {
    const update = readCoseSign1(reader.bytes(4096));
    if (!(await verifyCoseSign1(update, key, updateLabel))) throw new Malformed('A key does not follow from the one before.');
    const next = await readKeyUpdate(update.payload, device);
    if (next.keyNo <= last) throw new Malformed('Keys are not in their order.');
    ({ keyNo: last, key } = next);
  }
  return key;
}

/** A key update (section 17) that brings a new identity key. */
async function readKeyUpdate(payload: Bytes, device: string): Promise<{ keyNo: bigint; key: PublicKey }> {
  const reader = new CborReader(payload);
  reader.fields(5);
  reader.expect(1);
  if (readId(reader) !== device) throw new Malformed('The key is another device’s.');
  const keyNo = reader.uint64();
  const hpke = reader.fixed(pointBytes);
  reader.fields(2);
  const key = PublicKey.read(reader.fixed(pointBytes));
  const signature = reader.fixed(signatureBytes);
  reader.end();
  const possession = new CborWriter().array(5).text('messaging/1/key-update-new', 26).bytes(idOf(device)).uint(keyNo).bytes(hpke).bytes(key.point).finish();
  if (!isPoint(hpke) || !(await key.verify(signature, possession))) throw new Malformed('Nobody has shown the new key.');
  return { keyNo, key };
}
