import { beforeEach, describe, expect, it } from 'vitest';
import { begin, type FleetTrust } from '@/trust/protocol/fleetTrust';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { planReplacement, signChange, signsRosters } from '@/trust/plans/owners';
import { findByKey, isServersOwn, withEnd, withoutPrincipal, withPrincipal } from '@/trust/plans/rosterEdits';
import { planTakeOver } from '@/trust/plans/takeOver';
import { Refused } from '@/trust/refused';
import { clock, TestServer } from '../fleet';

let server: TestServer;
let recovery: SigningKey;
let owner: SigningKey;
let trust: FleetTrust;

beforeEach(async () => {
  [server, recovery, owner] = await Promise.all([TestServer.begin(), makeSigningKey(false), makeSigningKey(false)]);
  await server.take(await planTakeOver(await server.trust(), recovery, owner, clock(1)));
  trust = await server.trust();
});

describe('taking over', () => {
  it('leaves the server its own role, and gives the owner all others', () => {
    expect(isServersOwn(trust)).toBe(false);
    expect(trust.server.roles).toEqual(['server']);
    expect(findByKey(trust.roster, owner.publicKey)?.roles).toEqual(['operator', 'owner']);
    expect(findByKey(trust.roster, recovery.publicKey)).toBeNull();
    expect(trust.roster.principals.map(({ roles }) => roles[0])).toEqual(['server', 'time', 'operator']);
    expect([trust.root.version, trust.roster.version, trust.roster.rootVersion]).toEqual([2n, 2n, 2n]);
  });

  it('lets owner and recovery key sign rosters, and the recovery key alone roots', () => {
    expect(signsRosters(trust, owner.publicKey)).toBe(true);
    expect(signsRosters(trust, recovery.publicKey)).toBe(true);
    expect(trust.root.root.keys.map((key) => key.equals(recovery.publicKey))).toEqual([true]);
  });

  it('is followed from the first root', async () => {
    expect((await begin(server.bytes, server.bundle.roots[0]?.fingerprint ?? '')).verdict).toBe('Applied');
  });

  it('is refused where there is an owner, and with a key that the server could have', async () => {
    await expect(planTakeOver(trust, recovery, owner, clock(2))).rejects.toThrow(/has an owner already/);
    const other = await TestServer.begin();
    await expect(planTakeOver(await other.trust(), recovery, other.key, clock())).rejects.toThrow(/in use in this fleet already/);
  });
});

describe('changing the roster', () => {
  it('lets somebody in, changes them, and lets them go', async () => {
    const { publicKey } = await makeSigningKey(false);
    await server.take(await signChange(trust, await withPrincipal(trust, publicKey, ['operator'], null, clock(2)), owner));
    const known = await server.trust();
    const added = findByKey(known.roster, publicKey);
    expect(added).toMatchObject({ id: await publicKey.principalId(), roles: ['operator'], notAfter: null });
    await server.take(await signChange(known, await withPrincipal(known, publicKey, ['owner'], 5, clock(3)), owner));
    const changed = await server.trust();
    expect(findByKey(changed.roster, publicKey)).toMatchObject({ id: added?.id, roles: ['owner'], notAfter: 5 });
    await server.take(await signChange(changed, withoutPrincipal(changed, added?.id ?? '', clock(4)), owner));
    expect(findByKey((await server.trust()).roster, publicKey)).toBeNull();
  });

  it('is refused where it would lock people or devices out', async () => {
    const me = findByKey(trust.roster, owner.publicKey)?.id ?? '';
    expect(() => withoutPrincipal(trust, server.serverId, clock(2))).toThrow(/server would not be in the roster/);
    expect(() => withoutPrincipal(trust, me, clock(2))).toThrow(/no owner in the roster/);
    await expect(withPrincipal(trust, owner.publicKey, ['operator'], null, clock(2))).rejects.toThrow(/no owner in the roster/);
    expect(() => withEnd(trust, 1, clock(2))).toThrow(/Choose a later end/);
  });

  it('is refused by a clock that is wrong', () => {
    const { now } = clock(2);
    expect(() => withEnd(trust, null, clock(0))).toThrow(/has signed at/);
    expect(() => withEnd(trust, null, { now, server: now - 3_600_000 })).toThrow(/the server’s/);
    expect(withEnd(trust, null, { now, server: now + 3_600_000 }).issuedAt).toBe(now);
  });

  it('is refused with a key that signs no rosters', async () => {
    await expect(signChange(trust, withEnd(trust, null, clock(2)), await makeSigningKey(false))).rejects.toThrow(Refused);
  });
});

describe('replacing a lost key', () => {
  it('needs nothing but the recovery key', async () => {
    const added = await makeSigningKey(false);
    await server.take(await planReplacement(trust, recovery, added.publicKey, [owner.publicKey], clock(2)));
    const after = await server.trust();
    expect([after.root.version, after.roster.version]).toEqual([3n, 3n]);
    expect(signsRosters(after, added.publicKey)).toBe(true);
    expect(signsRosters(after, owner.publicKey)).toBe(false);
    expect(findByKey(after.roster, owner.publicKey)).toBeNull();
    expect(findByKey(after.roster, added.publicKey)?.roles).toEqual(['operator', 'owner']);
  });

  it('is not for other keys', async () => {
    await expect(planReplacement(trust, owner, owner.publicKey, [], clock(2))).rejects.toThrow(/none of those that sign roots/);
  });
});
