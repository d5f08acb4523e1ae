import { beforeEach, describe, expect, it } from 'vitest';
import { isCommandSignedBy, readCommand } from '@/trust/protocol/command';
import { readOrder, rootOf, writeOrder } from '@/trust/protocol/deviceSet';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { nextWindow, windowText } from '@/trust/protocol/policy';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { planTakeOver } from '@/trust/plans/takeOver';
import { openProposal, signProposal } from '@/trust/proposal';
import { signSetOrder } from '@/trust/signedCommand';
import { chooseSigner } from '@/trust/signer';
import type { BrowserKey } from '@/trust/store/keyStore';
import { clock, start, TestServer } from './fleet';

const now = start + 86_400_000 * 2;
const boot = { id: 'ab'.repeat(16), uptimeMs: 1000 };
const devices = ['cd', 'aa', '12'].map((byte) => ({ id: byte.repeat(16), boot }));
const browserKey = (made: SigningKey): BrowserKey => ({ ...made, fleetId: '', accountId: '', fingerprint: '', principal: '', createdAt: 0 });
let trust: FleetTrust;
let key: BrowserKey;
let second: BrowserKey;

beforeEach(async () => {
  const server = await TestServer.begin();
  key = browserKey(await makeSigningKey(false));
  second = browserKey(await makeSigningKey(false));
  await server.take(await planTakeOver(await server.trust(), await makeSigningKey(false), key, clock()));
  const owned = await server.trust();
  const other = { id: 'ee'.repeat(16), identity: second.publicKey, hpke: [], roles: ['owner'], notAfter: null };
  const rules = [{ types: ['run-script'], roles: ['owner'], signatures: 2, windows: [] }];
  trust = { ...owned, roster: { ...owned.roster, principals: [...owned.roster.principals, other], rules } };
});

const signerOf = (whose: BrowserKey, type: string) => {
  const signer = chooseSigner(trust, whose, type, now);
  if (signer.by !== 'browser') throw new Error('The key is not let in.');
  return signer;
};
const propose = (args = { name: 'backup' }) => signSetOrder(signerOf(key, 'run-script'), trust, { type: 'run-script', args, devices }, 7n, now);

describe('a command for many devices', () => {
  it('names them by one root, and binds each to its boot', async () => {
    const order = await signSetOrder(signerOf(key, 'reboot'), trust, { type: 'reboot', args: {}, devices: [...devices, { id: '77'.repeat(16), boot: null }], dryRun: true }, 7n, now);
    const { command, members } = readOrder(order);
    const { content } = readCommand(command);
    expect(members.map(({ device }) => device)).toEqual([...devices.map(({ id }) => id)].sort());
    expect(content.target).toMatchObject({ kind: 1, root: await rootOf(members), size: 3 });
    expect(content).toMatchObject({ dryRun: true, freshness: null });
    expect(members[0]?.freshness?.bootId).toBe(boot.id);
  });

  it('is refused when no device can be addressed', async () => {
    await expect(signSetOrder(signerOf(key, 'reboot'), trust, { type: 'reboot', args: {}, devices: [{ id: '77'.repeat(16), boot: null }] }, 7n, now)).rejects.toThrow('no device');
  });
});

describe('a proposal', () => {
  it('says what its bytes say, and is signed as it is', async () => {
    const order = await propose();
    const { content } = readCommand(readOrder(order).command);
    const opened = await openProposal(trust, order, content.id);
    expect(opened).toMatchObject({ type: 'run-script', args: '["backup", [], null]', dryRun: false, expiresAt: now + 86_400_000 });
    expect(opened.devices).toHaveLength(3);
    expect(opened.signers.map(({ identity }) => identity.point)).toEqual([key.publicKey.point]);

    const signed = readCommand(await signProposal(trust, second, opened, now));
    expect(signed.content).toEqual(content);
    expect(await isCommandSignedBy(signed, second.publicKey)).toBe(true);
    expect(await isCommandSignedBy(signed, key.publicKey)).toBe(false);
    await expect(signProposal(trust, key, opened, now)).rejects.toThrow('already');
    await expect(signProposal(trust, browserKey(await makeSigningKey(false)), opened, now)).rejects.toThrow('together');
  });

  it('with other devices, of another id, or that nobody signed is refused', async () => {
    const order = await propose();
    const { command, members } = readOrder(order);
    const { id } = readCommand(command).content;
    await expect(openProposal(trust, writeOrder(command, members.slice(1)), id)).rejects.toThrow('not those');
    await expect(openProposal(trust, order, 'ff'.repeat(16))).rejects.toThrow('not this command');
    await expect(openProposal({ ...trust, roster: { ...trust.roster, principals: [] } }, order, id)).rejects.toThrow('has not signed');
    await expect(openProposal(trust, order.slice(1), id)).rejects.toThrow('not this command');
  });
});

describe('the next window', () => {
  const saturday = { days: 32, fromMinute: 120, minutes: 120 };
  const rule = (...windows: (typeof saturday)[]) => ({ types: ['*'], roles: [], signatures: 1, windows });

  it('is the one that opens first, and none while one is open', () => {
    const friday = Date.UTC(2026, 11, 4, 22, 40);
    expect(nextWindow(rule(saturday, { days: 1, fromMinute: 0, minutes: 1 }), friday)).toEqual({ window: saturday, opensAt: Date.UTC(2026, 11, 5, 2) });
    expect(nextWindow(rule(saturday), Date.UTC(2026, 11, 5, 3))).toBeNull();
    expect(nextWindow(rule(saturday), Date.UTC(2026, 11, 5, 4))?.opensAt).toBe(Date.UTC(2026, 11, 12, 2));
    expect(nextWindow(rule(), friday)).toBeNull();
    expect(windowText(saturday)).toBe('Sat 02:00–04:00 UTC');
    expect(windowText({ days: 127, fromMinute: 0, minutes: 1440 })).toBe('daily 00:00–24:00 UTC');
  });
});
