import { describe, expect, it } from 'vitest';
import { acceptPayload, readAccept } from '@/sessions/accept';
import { resizeBody, shellArguments } from '@/sessions/arguments';
import { SessionCipher } from '@/sessions/cipher';
import { readEnd } from '@/sessions/end';
import { pullArguments, pushArguments, readStart, readSum } from '@/sessions/files';
import { deriveCiphers, expandKeys } from '@/sessions/keys';
import { firstWindow, messageKind, SessionLink } from '@/sessions/link';
import { toHex } from '@/trust/protocol/bytes';
import { readOrNull } from '@/trust/protocol/malformed';
import { bytesOf, namedKeys, vectors } from '../trust/vectors';

interface File {
  command: string;
  device: string;
  session: string;
  columns: number;
  rows: number;
  terminal: string;
  arguments: string;
  payload: string;
  keys: string;
  accepts: { why: string; packet: string }[];
  refusedAccepts: { why: string; packet: string }[];
  packets: { isUp: boolean; number: number; plaintext: string; verdict: string; packet: string }[];
  refusedPackets: { why: string; packet: string }[];
  files: {
    path: string; size: number; offset: number; mode: number; sha256: string;
    push: string; pushOfWhatIsNew: string; pullOfAll: string; start: string; sum: string;
    refusedStarts: { why: string; bytes: string }[];
  };
}

const file = vectors('session') as File;
const order = { device: file.device, command: file.command, args: bytesOf(file.arguments) };
const [up, down] = [file.keys.slice(0, 88), file.keys.slice(88)].map(bytesOf) as [ReturnType<typeof bytesOf>, ReturnType<typeof bytesOf>];
const pointOf = (name: string) => bytesOf(namedKeys.keys.find((key) => key.name === name)?.point ?? '');

async function clientKey(): Promise<CryptoKey> {
  const found = namedKeys.keys.find((key) => key.name === 'ephemeral');
  const url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: url(found?.scalar ?? ''), x: url(found?.point.slice(2, 66) ?? ''), y: url(found?.point.slice(66) ?? '') };
  return crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
}

describe('the vectors of sessions', () => {
  it('files are asked for as everywhere', () => {
    const { path, size, mode, sha256, push, pushOfWhatIsNew, pullOfAll } = file.files;
    const order = { path, size, mode, sha256: bytesOf(sha256) };
    expect(toHex(pushArguments(file.session, pointOf('ephemeral'), { ...order, replaces: true }))).toBe(push);
    expect(toHex(pushArguments(file.session, pointOf('ephemeral'), { ...order, replaces: false }))).toBe(pushOfWhatIsNew);
    expect(toHex(pullArguments(file.session, pointOf('ephemeral'), path, size))).toBe(pullOfAll);
  });

  it('what a device says of a file is read', () => {
    const { size, offset, mode, start, sum, sha256 } = file.files;
    expect(readStart(bytesOf(start))).toEqual({ size, offset, mode });
    expect(toHex(readSum(bytesOf(sum)))).toBe(sha256);
  });

  it.each(file.files.refusedStarts)('what it says is refused: $why', async ({ bytes }) => {
    expect(await readOrNull(() => Promise.resolve(readStart(bytesOf(bytes))))).toBeNull();
  });

  it('arguments are written as everywhere', () => {
    expect(toHex(shellArguments(file.session, pointOf('ephemeral'), file, file.terminal))).toBe(file.arguments);
  });

  it('a device’s answer is what it has to be', async () => {
    expect(toHex(await acceptPayload(order, pointOf('ephemeral-2')))).toBe(file.payload);
  });

  it.each(file.accepts)('answers are read: $why', async ({ packet }) => {
    const accept = await readAccept(bytesOf(packet), order);
    expect(toHex(accept.point)).toBe(toHex(pointOf('ephemeral-2')));
    expect(toHex(accept.payload)).toBe(file.payload);
  });

  it.each(file.refusedAccepts)('answers are refused: $why', async ({ packet }) => {
    expect(await readOrNull(() => readAccept(bytesOf(packet), order))).toBeNull();
  });

  it('keys follow from both keys and the answer', async () => {
    expect(toHex(await expandKeys(await clientKey(), pointOf('ephemeral-2'), bytesOf(file.payload)))).toBe(file.keys);
  });

  it.each(file.packets)('packet $number, up: $isUp, is opened and sealed', async ({ isUp, number, plaintext, packet }) => {
    const cipher = await SessionCipher.of(isUp ? up : down);
    const opened = await cipher.open(bytesOf(packet));
    expect([opened.number, toHex(opened.plaintext)]).toEqual([number, plaintext]);
    expect(toHex(await cipher.seal(number, bytesOf(plaintext)))).toBe(packet);
  });

  it.each(file.refusedPackets)('packets are refused: $why', async ({ packet }) => {
    const { up: cipher } = await deriveCiphers(await clientKey(), pointOf('ephemeral-2'), bytesOf(file.payload));
    expect(await readOrNull(() => cipher.open(bytesOf(packet)))).toBeNull();
  });

  it('the client says and understands what the vectors say', () => {
    const link = new SessionLink(firstWindow, 0);
    link.send({ kind: messageKind.data, body: new TextEncoder().encode('ls\r') });
    link.send({ kind: messageKind.resize, body: resizeBody({ columns: 100, rows: 30 }) });
    const heard = [];
    for (const { isUp, number, plaintext } of file.packets) {
      if (isUp) heard.push(link.take(number, bytesOf(plaintext), 0));
      else expect(toHex(link.next(number === 3 ? 20 : 0)?.plaintext ?? new Uint8Array())).toBe(plaintext);
    }
    expect(heard.map((one) => one.verdict)).toEqual(['message', 'message']);
    expect(new TextDecoder().decode(heard[0]?.message?.body)).toBe('file ✓\r\n');
    expect(readEnd(heard[1]?.message?.body ?? new Uint8Array())).toEqual({ reason: 'done', exitCode: 3, text: 'ended' });
    expect(link.isSettled).toBe(true);
  });
});
