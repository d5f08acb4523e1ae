import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { signBytes } from '@/trust/protocol/signingKey';
import { forgetMemory, loadMemory, remember } from '@/trust/store/fleetMemory';
import { following, forgetKey, loadKey, makeKey, nextSequence } from '@/trust/store/keyStore';
import { fleetId, TestServer } from '../fleet';

describe('keys', () => {
  it('are kept for each fleet and account, and made once', async () => {
    expect(await loadKey(fleetId, 'mira')).toBeNull();
    const [made, again, other] = await Promise.all([makeKey(fleetId, 'mira'), makeKey(fleetId, 'mira'), makeKey(fleetId, 'jonas')]);
    expect(again.fingerprint).toBe(made.fingerprint);
    expect(other.fingerprint).not.toBe(made.fingerprint);
    const loaded = await loadKey(fleetId, 'mira');
    expect(loaded?.principal).toBe(await made.publicKey.principalId());
    expect(await loadKey('another', 'mira')).toBeNull();
  });

  it('sign after they were loaded, and cannot be read', async () => {
    await makeKey(fleetId, 'eva');
    const key = await loadKey(fleetId, 'eva');
    if (key === null) throw new Error('It is not kept.');
    expect(key.privateKey.extractable).toBe(false);
    expect(await key.publicKey.verify(await signBytes(key, new Uint8Array([1])), new Uint8Array([1]))).toBe(true);
  });

  it('number their commands by the clock, ever higher, whoever asks at the same time', async () => {
    const key = await makeKey(fleetId, 'max');
    const now = Date.UTC(2026, 0, 1);
    const numbers = await Promise.all([1, 2, 3].map(() => nextSequence(key, now)));
    expect(numbers.toSorted()).toEqual([0n, 1n, 2n].map((more) => BigInt(now) * 1000n + more));
    expect(await nextSequence(key, now - 1000)).toBe(BigInt(now) * 1000n + 3n);
    expect(following(5n, 1)).toBe(1000n);
  });

  it('that are gone number nothing', async () => {
    const key = await makeKey(fleetId, 'gone');
    await forgetKey(key);
    expect(await loadKey(fleetId, 'gone')).toBeNull();
    await expect(nextSequence(key, 1)).rejects.toThrow(/not in this browser any more/);
  });
});

describe('the memory of the fleet', () => {
  it('keeps since when it knows it, and what is newest', async () => {
    const server = await TestServer.begin();
    const first = await remember(await server.trust(), 10);
    const again = await remember(await server.trust(), 20);
    expect([first.since, again.since, again.firstFingerprint]).toEqual([10, 10, first.fingerprint]);
    expect((await loadMemory())?.bundle).toEqual(server.bytes);
    await forgetMemory();
    expect(await loadMemory()).toBeNull();
  });
});
