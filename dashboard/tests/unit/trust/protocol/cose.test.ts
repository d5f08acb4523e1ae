import { describe, expect, it } from 'vitest';
import { toHex } from '@/trust/protocol/bytes';
import { isSignedBy, readCoseSign, signStructure, writeCoseSign } from '@/trust/protocol/coseSign';
import { readCoseSign1, sign1Structure, verifyCoseSign1, writeCoseSign1 } from '@/trust/protocol/coseSign1';
import { readOrNull } from '@/trust/protocol/malformed';
import { bytesOf, publicKey, signingKey, vectors } from '../vectors';

interface File {
  label: string;
  accepted: { payload: string; toBeSigned: string; signedBy?: string[]; message: string }[];
  refused: { why: string; message: string }[];
}

describe('COSE_Sign1', () => {
  const file = vectors('cose-sign1') as File;

  it.each(file.accepted)('takes $payload', async ({ payload, toBeSigned, message }) => {
    expect(toHex(sign1Structure(file.label, bytesOf(payload)))).toBe(toBeSigned);
    const read = readCoseSign1(bytesOf(message));
    expect(toHex(read.payload)).toBe(payload);
    expect(await verifyCoseSign1(read, publicKey('device'), file.label)).toBe(true);
  });

  it.each(file.refused)('refuses $why', async ({ message }) => {
    const read = await readOrNull(() => readCoseSign1(bytesOf(message)));
    expect(read !== null && (await verifyCoseSign1(read, publicKey('device'), file.label))).toBe(false);
  });

  it('takes what it has signed itself', async () => {
    const key = await signingKey('device');
    const read = readCoseSign1(await writeCoseSign1(key, file.label, bytesOf('01')));
    expect(await verifyCoseSign1(read, key.publicKey, file.label)).toBe(true);
  });
});

describe('COSE_Sign', () => {
  const file = vectors('cose-sign') as File;

  it.each(file.accepted)('takes $payload', async ({ payload, toBeSigned, signedBy, message }) => {
    expect(toHex(signStructure(file.label, bytesOf(payload)))).toBe(toBeSigned);
    const read = readCoseSign(bytesOf(message));
    expect(toHex(read.payload)).toBe(payload);
    for (const name of signedBy ?? []) expect(await isSignedBy(read, publicKey(name), file.label)).toBe(true);
  });

  it.each(file.refused)('refuses $why', async ({ message }) => {
    const read = await readOrNull(() => readCoseSign(bytesOf(message)));
    const signed = read && await Promise.all(['device', 'server'].map((name) => isSignedBy(read, publicKey(name), file.label)));
    expect(signed?.every(Boolean) ?? false).toBe(false);
  });

  it('takes what it has signed itself, whatever the order of the keys', async () => {
    const keys = [await signingKey('server'), await signingKey('device')];
    for (const order of [keys, keys.toReversed()]) {
      const read = readCoseSign(await writeCoseSign(order, file.label, bytesOf('01')));
      for (const { publicKey: key } of keys) expect(await isSignedBy(read, key, file.label)).toBe(true);
    }
  });
});
