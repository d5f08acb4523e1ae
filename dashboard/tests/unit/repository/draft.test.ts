import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Draft, hasSigned, isComplete, isReadable, judgeRoot, judgeTargets, maySign, signDraft, type Surroundings, type Unreadable } from '@/repository/draft';
import { fromDer } from '@/repository/ecdsaDer';
import { verifyPublished } from '@/repository/published';
import { readRoot } from '@/repository/root';
import { loadSeen, rememberSeen } from '@/repository/seen';
import { openSigningRoom, type RepositoryFiles } from '@/repository/signingRoom';
import { type Bytes, fromHex } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { makeKeyRole } from '@/trust/protocol/keyRole';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { Refused } from '@/trust/refused';
import { fleetId, TestServer } from '../trust/fleet';
import { draftOf, end, fileOf, type Plain, release, rootOf, type RootSpec, signatureOf, target, targetsOf } from './maker';

const now = Date.parse('2026-11-30T12:00:00Z');

class World {
  fleet!: FleetTrust;
  recovery!: SigningKey;
  owner!: SigningKey;
  other!: SigningKey;
  online!: SigningKey;

  static async make(): Promise<World> {
    const world = new World();
    [world.recovery, world.owner, world.other, world.online] = await Promise.all([makeSigningKey(false), makeSigningKey(false), makeSigningKey(false), makeSigningKey(false)]);
    const trust = await (await TestServer.begin()).trust();
    const root = await makeKeyRole(1, [world.recovery.publicKey]);
    world.fleet = { ...trust, root: { ...trust.root, root, owner: await makeKeyRole(1, [world.owner.publicKey, world.recovery.publicKey]) } };
    return world;
  }

  root(change: Partial<RootSpec> = {}): Promise<Plain> {
    return rootOf({ root: [this.recovery], targets: [this.owner, this.other], online: this.online, ...change });
  }

  /** Root 1 and targets of some version, signed. */
  async files(targets: Plain = targetsOf(1, {}), signers: readonly SigningKey[] = [this.owner]): Promise<Map<string, Bytes>> {
    return new Map([['1.root.json', await fileOf(await this.root(), [this.recovery])], [`${String(targets['version'])}.targets.json`, await fileOf(targets, signers)]]);
  }

  async published(targets?: Plain) {
    const files = await this.files(targets);
    return verifyPublished((name) => Promise.resolve(files.get(name) ?? null), { root: 1, targets: (targets?.['version'] as number | undefined) ?? 1 }, this.fleet, null);
  }

  async around(targets?: Plain): Promise<Surroundings> {
    return { fleet: this.fleet, published: await this.published(targets), seen: null, now };
  }

  async targets(signed: Plain, around?: Surroundings, signers: readonly SigningKey[] = []) {
    const place = around ?? await this.around();
    return judgeTargets(await draftOf(signed, signers), place.published?.root ?? null, place);
  }
}

let world: World;
beforeAll(async () => {
  world = await World.make();
});

const readable = <T extends Draft>(draft: T | Unreadable): T => {
  if (!isReadable(draft)) throw new Error(draft.why);
  return draft;
};

describe('a draft of targets', () => {
  it('says what comes, goes and is replaced, by its bytes', async () => {
    const before = { old: target(release({ version: '1.3.0', counter: 11 })), kept: target(), other: target(undefined, 'cd'.repeat(32)) };
    const draft = readable(await world.targets(targetsOf(2, { kept: target(), other: target(undefined, 'ef'.repeat(32)), next: target(release()) }), await world.around(targetsOf(1, before))));
    expect(draft.problems).toEqual([]);
    expect(draft.same).toBe(1);
    expect(draft.changes.map(({ mark, text }) => [mark, text])).toEqual([
      ['changed', 'other, 11 MiB, no release'],
      ['added', 'messaging-agent 1.4.0 (agent) for linux-arm64, counter 12, 11 MiB'],
      ['removed', 'messaging-agent 1.3.0 (agent) for linux-arm64, counter 11, 11 MiB'],
    ]);
  });

  it('shows what is not known of a target as it is signed', async () => {
    const draft = readable(await world.targets(targetsOf(2, { a: target({ hidden: { thing: 1 } }) })));
    expect(draft.changes[0]?.signed).toContain('"hidden":{"thing":1}');
  });

  it('that is a release no device would take says so', async () => {
    const draft = readable(await world.targets(targetsOf(2, { a: target(release({ counter: -1 })) })));
    expect(draft.changes[0]?.text).toMatch(/no release that devices would take/);
  });

  it.each([
    ['the published version again', 1, /the next one is version 2/], ['an older one', 0, null], ['one that leaves numbers out', 3, /Numbers that were left out/], ['the highest that there is', 9_007_199_254_740_991, /Numbers that were left out/],
  ])('of %s is not signed', async (_, version, problem) => {
    const draft = await world.targets(targetsOf(version, {}));
    if (problem === null) {
      expect(isReadable(draft)).toBe(false);
      return;
    }
    const read = readable(draft);
    expect(read.problems.join()).toMatch(problem);
    await expect(signDraft(read, world.owner, now)).rejects.toThrow(Refused);
  });

  it('of a version that this browser has seen already is not signed', async () => {
    const around = { ...(await world.around()), seen: { root: 1, rootDigest: '', targets: 5 } };
    expect(readable(await world.targets(targetsOf(2, {}), around)).problems.join()).toMatch(/the next one is version 6/);
    expect(readable(await world.targets(targetsOf(6, {}), around)).problems).toEqual([]);
  });

  it('that has ended is not signed, also when it ends while it is looked at', async () => {
    expect(readable(await world.targets(targetsOf(2, {}, '2026-11-30T12:00:00Z'))).problems.join()).toMatch(/It ended at 2026-11-30T12:00:00Z/);
    const draft = readable(await world.targets(targetsOf(2, {}, '2026-11-30T12:00:01Z')));
    await expect(signDraft(draft, world.owner, now + 1000)).rejects.toThrow(/It ended/);
    await expect(signDraft(draft, world.owner, now)).resolves.toBeDefined();
  });

  it('of another type, or with others who name targets, is not even shown', async () => {
    for (const signed of [{ ...targetsOf(2, {}), _type: 'root' }, { ...targetsOf(2, {}), delegations: { keys: {}, roles: [] } }]) expect(isReadable(await world.targets(signed))).toBe(false);
  });

  it.each<[string, (signed: Bytes) => Bytes]>([
    ['with a space', (signed) => new TextEncoder().encode(new TextDecoder().decode(signed).replace('"version":2', '"version": 2'))],
    ['of another version', (signed) => new TextEncoder().encode(new TextDecoder().decode(signed).replace('"version":2', '"version":3'))],
    ['cut off', (signed) => signed.slice(0, -1)],
    ['that are none', () => new Uint8Array()],
  ])('whose bytes to be signed are those %s is not signed', async (_, change) => {
    const around = await world.around();
    const draft = await draftOf(targetsOf(2, {}));
    const judged = await judgeTargets({ ...draft, signed: change(draft.signed) }, around.published?.root ?? null, around);
    expect(judged).toMatchObject({ role: 'targets', why: expect.stringMatching(/not the canonical JSON of what it shows/) as string });
  });

  it('larger than devices read is not signed', async () => {
    const draft = await world.targets(targetsOf(2, Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`a/${i}`, target({ note: 'x'.repeat(60) })]))));
    expect(draft).toMatchObject({ why: expect.stringMatching(/devices read at most 524288/) as string });
  });

  it('is signed by who may, in a form that counts', async () => {
    const signed = targetsOf(2, { next: target(release()) });
    const draft = readable(await world.targets(signed));
    expect([maySign(draft, world.owner.publicKey), maySign(draft, world.recovery.publicKey), isComplete(draft)]).toEqual([true, false, false]);
    const { keyId, signature } = await signDraft(draft, world.owner, now);
    const der = await fromDer(fromHex(signature) ?? new Uint8Array());
    expect(await world.owner.publicKey.verify(der ?? new Uint8Array(), (await draftOf(signed)).signed)).toBe(true);
    expect(keyId).toBe((await signatureOf(signed, world.owner))['keyid']);
    await expect(signDraft(draft, world.recovery, now)).rejects.toThrow(/does not sign this targets/);
  });

  it('counts signatures that are right, of keys that may', async () => {
    const signed = targetsOf(2, {});
    const place = await world.around();
    const signatures = await Promise.all([signatureOf(signed, world.owner), signatureOf(targetsOf(3, {}), world.other), signatureOf(signed, world.recovery)]);
    const file = new TextEncoder().encode(JSON.stringify({ signatures, signed }));
    const draft = readable(await judgeTargets({ file, signed: (await draftOf(signed)).signed }, place.published?.root ?? null, place));
    expect(draft.needs.map(({ signers }) => signers.length)).toEqual([1]);
    expect([hasSigned(draft, world.owner.publicKey), hasSigned(draft, world.other.publicKey), isComplete(draft)]).toEqual([true, false, true]);
  });
});

describe('a draft of a root', () => {
  it('is signed by the root before it and by itself, and says what becomes of keys', async () => {
    const around = await world.around();
    const draft = readable(await judgeRoot(await draftOf(await world.root({ version: 2, targets: [world.owner], targetsThreshold: 1 }), [world.recovery]), around));
    expect(draft.needs.map(({ by, signers }) => [by, signers.length])).toEqual([['root 1', 1], ['root 2 itself', 1]]);
    expect(draft.changes.map(({ mark, text, key }) => [mark, text, key?.key.equals(world.other.publicKey)])).toEqual([['removed', 'Targets’ key', true]]);
    expect([draft.problems.length, isComplete(draft)]).toEqual([0, true]);
  });

  it('says thresholds, the server’s key, and root keys that are not the fleet’s', async () => {
    const draft = readable(await judgeRoot(await draftOf(await world.root({ version: 2, root: [world.other], targetsThreshold: 2, online: world.owner })), await world.around()));
    expect(draft.changes.map(({ mark, text }) => `${mark}: ${text}`)).toEqual([
      'warning: Its root keys are not the fleet’s root keys of today', 'removed: Root key', 'added: Root key', 'changed: 2 of 2 targets’ keys must sign', 'removed: The server’s key', 'added: The server’s key',
    ]);
  });

  it('the first one is signed by the fleet’s root keys', async () => {
    const draft = readable(await judgeRoot(await draftOf(await world.root()), { fleet: world.fleet, published: null, seen: null, now }));
    expect(draft.needs[0]?.by).toBe('the fleet’s root');
    expect(maySign(draft, world.recovery.publicKey)).toBe(true);
  });

  it('that is no next one is not signed', async () => {
    for (const version of [1, 3]) expect(readable(await judgeRoot(await draftOf(await world.root({ version })), await world.around())).problems.join()).toMatch(/the next one is version 2/);
    expect(readable(await judgeRoot(await draftOf(await world.root({ version: 2, expires: '2026-01-01T00:00:00Z' })), await world.around())).problems.join()).toMatch(/It ended/);
  });

  it('decides who signs the targets that are under it', async () => {
    const place = await world.around();
    const root = await readRoot(await fileOf(await world.root({ version: 2, targets: [world.other] })));
    const draft = readable(await judgeTargets(await draftOf(targetsOf(2, {})), root, place));
    expect([maySign(draft, world.owner.publicKey), maySign(draft, world.other.publicKey)]).toEqual([false, true]);
  });
});

describe('what is published', () => {
  const verify = (files: ReadonlyMap<string, Bytes>, seen: { root: number; rootDigest: string; targets: number } | null = null, shown = { root: 1, targets: 1 }) =>
    verifyPublished((name) => Promise.resolve(files.get(name) ?? null), shown, world.fleet, seen);

  it('is verified from the fleet’s root on', async () => {
    const published = await verify(await world.files());
    expect([published.root.file.version, published.targets.file.version, published.notes]).toEqual([1, 1, []]);
  });

  it.each<[string, (files: Map<string, Bytes>) => Promise<unknown>]>([
    ['a root that the fleet has not signed', async (files) => files.set('1.root.json', await fileOf(await world.root(), [world.owner]))],
    ['a root of another fleet', async (files) => files.set('1.root.json', await fileOf(await world.root({ root: [world.other] }), [world.other]))],
    ['targets that nobody has signed', async (files) => files.set('1.targets.json', await fileOf(targetsOf(1, {})))],
    ['targets that somebody else has signed', async (files) => files.set('1.targets.json', await fileOf(targetsOf(1, {}), [world.online, world.recovery]))],
    ['targets of another version', async (files) => files.set('1.targets.json', await fileOf(targetsOf(2, {}), [world.owner]))],
    ['a root of another version', async (files) => files.set('1.root.json', await fileOf(await world.root({ version: 2 }), [world.recovery]))],
    ['no targets', (files) => Promise.resolve(files.delete('1.targets.json'))],
    ['no JSON', (files) => Promise.resolve(files.set('1.root.json', new Uint8Array([0x7b])))],
  ])('is refused with %s', async (_, change) => {
    const files = await world.files();
    await change(files);
    await expect(verify(files)).rejects.toThrow(Refused);
  });

  it('goes from root to root, each signed by the one before', async () => {
    const fleet = { ...world.fleet, root: { ...world.fleet.root, root: await makeKeyRole(1, [world.recovery.publicKey]) } };
    const files = await world.files(targetsOf(1, {}), [world.other]);
    const next = await world.root({ version: 2, root: [world.other] });
    files.set('2.root.json', await fileOf(next, [world.recovery, world.other]));
    const find = (name: string) => Promise.resolve(files.get(name) ?? null);
    const third = await world.root({ version: 3, root: [world.other] });
    files.set('3.root.json', await fileOf(third, [world.other]));
    expect((await verifyPublished(find, { root: 3, targets: 1 }, fleet, null)).root.file.version).toBe(3);
    files.set('3.root.json', await fileOf(third, [world.online]));
    await expect(verifyPublished(find, { root: 3, targets: 1 }, fleet, null)).rejects.toThrow(/root 3 is not signed/);
  });

  it('that is older than what was seen is said, and another one of the same keys is an alarm', async () => {
    const files = await world.files();
    const { root } = await verify(files);
    const notes = (await verify(files, { root: 3, rootDigest: '', targets: 4 })).notes;
    expect(notes).toHaveLength(2);
    expect(notes.join()).toMatch(/restored from a backup/);
    expect((await verify(files, { root: 1, rootDigest: root.file.digest, targets: 1 })).notes).toEqual([]);
    await expect(verify(files, { root: 1, rootDigest: '00', targets: 1 })).rejects.toThrow(/another root 1 than this browser has seen/);
  });

  it('is remembered, and never as something older', async () => {
    await rememberSeen('f', { root: 2, rootDigest: 'two', targets: 7 });
    await rememberSeen('f', { root: 1, rootDigest: 'one', targets: 8 });
    expect(await loadSeen('f')).toMatchObject({ root: 2, rootDigest: 'two', targets: 8 });
    expect(await loadSeen('g')).toBeNull();
  });
});

describe('the signing room', () => {
  const filesOf = async (drafts: Partial<Record<'root' | 'targets', { file: Bytes; signed: Bytes }>>, published: ReadonlyMap<string, Bytes> | null): Promise<RepositoryFiles> => {
    await Promise.resolve();
    return {
      status: () => Promise.resolve({
        ...(published ? { root: { version: 1, expires: end }, targets: { version: 1, expires: end, count: 0 } } : { root: null, targets: null }),
        drafts: (Object.keys(drafts) as ('root' | 'targets')[]).map((role) => ({ role, version: 2, digest: '', missing: [], complete: false })),
      }),
      metadata: (name) => Promise.resolve(published?.get(name) ?? null),
      draft: (role) => Promise.resolve(drafts[role]?.file ?? null),
      draftSigned: (role) => Promise.resolve(drafts[role]?.signed ?? null),
    };
  };

  it('of a first root and targets judges the targets by the root beside them', async () => {
    const files = await filesOf({ root: await draftOf(await world.root(), [world.recovery]), targets: await draftOf(targetsOf(1, {})) }, null);
    const { drafts, published } = await openSigningRoom(files, world.fleet, now);
    expect(published).toBeNull();
    expect(drafts.map((draft) => isReadable(draft) && [draft.role, draft.problems.length, isComplete(draft)])).toEqual([['root', 0, true], ['targets', 0, false]]);
  });

  it('lets nobody sign targets under a root that is not signed here', async () => {
    const files = await filesOf({ root: await draftOf(await world.root({ version: 7 })), targets: await draftOf(targetsOf(2, {})) }, await world.files());
    const targets = (await openSigningRoom(files, world.fleet, now)).drafts[1];
    expect(targets && isReadable(targets) && targets.problems).toHaveLength(1);
    expect((await loadSeen(fleetId))?.targets).toBe(1);
  });

  it('reads a draft again that was changed while it was read, and gives up on one that always is', async () => {
    const [one, two] = [await draftOf(targetsOf(2, {})), await draftOf(targetsOf(2, { a: target() }))];
    let asked = 0;
    const files = { ...(await filesOf({ targets: two }, await world.files())), draftSigned: (role: string) => Promise.resolve(role === 'root' ? null : asked++ === 0 ? one.signed : two.signed) };
    expect((await openSigningRoom(files, world.fleet, now)).drafts.map((draft) => isReadable(draft) && draft.changes.length)).toEqual([1]);
    const never = { ...files, draftSigned: (role: string) => Promise.resolve(role === 'root' ? null : asked++ % 2 === 0 ? one.signed : two.signed) };
    await expect(openSigningRoom(never, world.fleet, now)).rejects.toThrow(/changes faster/);
  });
});
