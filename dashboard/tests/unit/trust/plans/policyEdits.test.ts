import { beforeEach, describe, expect, it } from 'vitest';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { signChange } from '@/trust/plans/owners';
import { signersOf, withoutRule, withRule } from '@/trust/plans/policyEdits';
import { withPrincipal } from '@/trust/plans/rosterEdits';
import { planTakeOver } from '@/trust/plans/takeOver';
import { clock, TestServer } from '../fleet';
import type { PolicyRule } from '@/trust/protocol/policy';

let server: TestServer;
let owner: SigningKey;
let trust: FleetTrust;

const rule = (types: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({ types, roles: ['operator', 'owner'], signatures: 1, windows: [], ...more });

beforeEach(async () => {
  const recovery = await makeSigningKey(false);
  [server, owner] = await Promise.all([TestServer.begin(), makeSigningKey(false)]);
  await server.take(await planTakeOver(await server.trust(), recovery, owner, clock(1)));
  trust = await server.trust();
});

describe('changing the policy', () => {
  it('puts a rule before all others, which devices then read', async () => {
    const window = { days: 0b010_0000, fromMinute: 120, minutes: 120 };
    await server.take(await signChange(trust, withRule(trust, rule(['reboot']), clock(2)), owner));
    const first = await server.trust();
    await server.take(await signChange(first, withRule(first, rule(['run-script', 'shell'], { windows: [window] }), clock(3)), owner));
    const { roster } = await server.trust();
    expect(roster.rules).toEqual([rule(['run-script', 'shell'], { windows: [window] }), rule(['reboot'])]);
    expect(roster.principals.map(({ id }) => id)).toEqual(trust.roster.principals.map(({ id }) => id));
  });

  it('removes the rule that was looked at, and no other that stands in its place', async () => {
    await server.take(await signChange(trust, withRule(trust, rule(['reboot']), clock(2)), owner));
    const one = await server.trust();
    await server.take(await signChange(one, withRule(one, rule(['shell']), clock(3)), owner));
    const two = await server.trust();
    expect(() => withoutRule(two, 0, rule(['reboot']), clock(4))).toThrow(/changed the rules meanwhile/);
    expect(() => withoutRule(two, 2, rule(['reboot']), clock(4))).toThrow(/changed the rules meanwhile/);
    expect(withoutRule(two, 1, rule(['reboot']), clock(4)).rules).toEqual([rule(['shell'])]);
  });

  it('refuses a rule that keeps another from ever deciding', async () => {
    await server.take(await signChange(trust, withRule(trust, rule(['reboot']), clock(2)), owner));
    const one = await server.trust();
    expect(() => withRule(one, rule(['reboot', 'app']), clock(3))).toThrow(/reboot that stands there already would never decide/);
    expect(() => withRule(one, rule(['*']), clock(3))).toThrow(/would never decide/);
  });

  it('refuses more signatures than there are people to give them', async () => {
    expect(() => withRule(trust, rule(['reboot'], { signatures: 2 }), clock(2))).toThrow(/names 1 who could sign/);
    const { publicKey } = await makeSigningKey(false);
    const over = await withPrincipal(trust, publicKey, ['operator'], clock(2).now - 1, clock(2));
    expect(signersOf({ ...trust, roster: over }, { roles: ['operator'] }, clock(2).now)).toBe(1);
    await server.take(await signChange(trust, await withPrincipal(trust, publicKey, ['operator'], null, clock(2)), owner));
    expect(withRule(await server.trust(), rule(['reboot'], { signatures: 2 }), clock(3)).rules).toHaveLength(1);
  });

  it('refuses more rules than a roster can have', () => {
    const full = { ...trust, roster: { ...trust.roster, rules: Array.from({ length: 64 }, (_, i) => rule([`t${i}`])) } };
    expect(() => withRule(full, rule(['reboot']), clock(2))).toThrow(/at most 64/);
  });
});
