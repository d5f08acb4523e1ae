import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '@/trust/protocol/bytes';
import { isCommandSignedBy, readCommand } from '@/trust/protocol/command';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { PolicyRule } from '@/trust/protocol/policy';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { planTakeOver } from '@/trust/plans/takeOver';
import { signOrder } from '@/trust/signedCommand';
import { chooseCanceller, chooseSigner } from '@/trust/signer';
import type { BrowserKey } from '@/trust/store/keyStore';
import { clock, start, TestServer } from './fleet';

let trust: FleetTrust;
let key: BrowserKey;
const containing = (text: string): unknown => expect.stringContaining(text);
const now = start + 86_400_000 * 2;
const browserKey = (made: SigningKey): BrowserKey => ({ ...made, fleetId: '', accountId: '', fingerprint: '', principal: '', createdAt: 0 });
const withRoster = (change: Partial<FleetTrust['roster']>): FleetTrust => ({ ...trust, roster: { ...trust.roster, ...change } });
const rule = (change: Partial<PolicyRule>): PolicyRule => ({ types: ['*'], roles: ['operator', 'server'], signatures: 1, windows: [], ...change });

beforeEach(async () => {
  const server = await TestServer.begin();
  key = browserKey(await makeSigningKey(false));
  await server.take(await planTakeOver(await server.trust(), await makeSigningKey(false), key, clock()));
  trust = await server.trust();
});

describe('who signs', () => {
  it('is this browser, where the roster names its key', () => {
    expect(chooseSigner(trust, key, 'run-script', now)).toMatchObject({ by: 'browser', note: null });
    expect(chooseSigner(trust, key, 'rotate-keys', now).by).toBe('browser');
  });

  it('is the server before there is an owner', async () => {
    const own = await (await TestServer.begin()).trust();
    expect(chooseSigner(own, null, 'reboot', now)).toEqual({ by: 'server', note: null });
  });

  it('is the server without a key, for what the policy lets it do', () => {
    expect(chooseSigner(trust, null, 'ping', now).by).toBe('server');
    expect(chooseSigner(trust, null, 'run-script', now)).toMatchObject({ by: 'nobody', why: 'Only for keys of operators and owners.', todo: containing('no key') });
  });

  it('is nobody with a key that the roster does not name', async () => {
    const stranger = browserKey(await makeSigningKey(false));
    expect(chooseSigner(trust, stranger, 'reboot', now)).toMatchObject({ by: 'nobody', todo: containing('does not name') });
  });

  it('is nobody after an end', () => {
    const principals = trust.roster.principals.map((one) => ({ ...one, notAfter: one.roles.includes('owner') ? now - 1 : null }));
    expect(chooseSigner(withRoster({ principals }), key, 'reboot', now)).toMatchObject({ by: 'nobody', todo: containing('until a time that has passed') });
    expect(chooseSigner(withRoster({ expiresAt: now - 1 }), key, 'reboot', now)).toMatchObject({ by: 'nobody', todo: containing('expired') });
    expect(chooseSigner(withRoster({ expiresAt: now - 1 }), key, 'ping', now).by).toBe('server');
  });

  it('of a cancellation is whoever may have the other run, at any time', () => {
    expect(chooseCanceller(trust, key, 'run-script', now).by).toBe('browser');
    expect(chooseCanceller(trust, null, 'ping', now).by).toBe('server');
    expect(chooseCanceller(trust, null, 'run-script', now).by).toBe('nobody');
    const rules = [rule({ roles: ['owner'], signatures: 2, windows: [{ days: 1, fromMinute: 0, minutes: 1 }] })];
    expect(chooseCanceller(withRoster({ rules }), key, 'reboot', now)).toMatchObject({ by: 'browser', note: null });
  });

  it('goes by the owners’ rules', () => {
    expect(chooseSigner(withRoster({ rules: [rule({ roles: ['server'] })] }), key, 'reboot', now).by).toBe('server');
    expect(chooseSigner(withRoster({ rules: [rule({ roles: [] })] }), key, 'reboot', now)).toMatchObject({ by: 'nobody', why: 'The fleet’s policy lets nobody do this.' });
    expect(chooseSigner(withRoster({ rules: [rule({ signatures: 2 })] }), key, 'reboot', now)).toMatchObject({ by: 'browser', needed: 2, note: containing('2 signatures') });
    expect(chooseSigner(withRoster({ rules: [rule({ signatures: 2 })] }), null, 'reboot', now)).toMatchObject({ by: 'nobody', why: containing('2 of them together') });
    const never = [{ days: 1, fromMinute: 0, minutes: 1 }];
    expect(chooseSigner(withRoster({ rules: [rule({ windows: never })] }), key, 'reboot', now)).toMatchObject({ by: 'browser', note: containing('window') });
  });
});

describe('an order', () => {
  const boot = { id: 'ab'.repeat(16), uptimeMs: 1000 };
  const order = { deviceId: 'cd'.repeat(16), type: 'run-script', args: { name: 'hello' }, boot };
  const signer = () => {
    const chosen = chooseSigner(trust, key, 'run-script', now);
    if (chosen.by !== 'browser') throw new Error('The key is not let in.');
    return chosen;
  };

  it('is signed as a device takes it', async () => {
    const command = readCommand(await signOrder(signer(), trust, order, 7n, now));
    expect(await isCommandSignedBy(command, key.publicKey)).toBe(true);
    expect(command.content).toMatchObject({
      issuer: await key.publicKey.principalId(), sequence: 7n, target: { kind: 0, id: order.deviceId, rosterVersion: 2n },
      issuedAt: now, expiresAt: now + 3_600_000, freshness: { bootId: boot.id, uptimeDeadlineMs: 3_606_000n }, idempotent: false, type: 'run-script',
    });
    expect(toHex(command.content.args)).toBe('836568656c6c6f80f6');
  });

  it('that changes nothing for the worse is bound to no boot', async () => {
    const command = readCommand(await signOrder(signer(), trust, { ...order, type: 'ping', args: {}, boot: null }, 8n, now));
    expect(command.content).toMatchObject({ freshness: null, idempotent: true });
  });

  it('for a device that was never there is refused when it is bound to a boot', async () => {
    await expect(signOrder(signer(), trust, { ...order, boot: null }, 9n, now)).rejects.toThrow(/has not been there yet/);
  });
});
