import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '@/repository/canonicalJson';
import { fromDer, toDer } from '@/repository/ecdsaDer';
import { parseJson } from '@/repository/json';
import type { Role } from '@/repository/limits';
import { readMetadata } from '@/repository/metadata';
import { repositoryKey } from '@/repository/repositoryKey';
import { readRoot } from '@/repository/root';
import { readTargets } from '@/repository/targets';
import { releaseOf } from '@/repository/release';
import { signersOf } from '@/repository/signatures';
import { toHex } from '@/trust/protocol/bytes';
import { Malformed } from '@/trust/protocol/malformed';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';
import { bytesOf, publicKey, vectors } from '../trust/vectors';
import { fileOf, type Plain, release, rootOf, target, targetsOf } from './maker';

let [root, alice, bob, online]: SigningKey[] = [];
beforeAll(async () => {
  [root, alice, bob, online] = await Promise.all([1, 2, 3, 4].map(() => makeSigningKey(false)));
});
const key = (one: SigningKey | undefined): SigningKey => {
  if (!one) throw new Error('It is not made yet.');
  return one;
};
const plan = () => rootOf({ root: [key(root)], targets: [key(alice), key(bob)], targetsThreshold: 2, online: key(online) });

describe('what fleetctl and the server make', () => {
  const file = vectors('repository') as {
    keys: { key: string; keyId: string }[]; canonical: { json: string; canonical: string }[]; refusedJson: { why: string; json: string }[]; metadata: { role: Role; digest: string; file: string }[];
    signatures: { fixed: string; der: string }[]; refusedSignatures: { why: string; der: string }[];
  };

  it('names keys so', async () => {
    for (const { key, keyId } of file.keys) expect((await repositoryKey(publicKey(key))).id).toBe(keyId);
  });

  it('has this canonical JSON', () => {
    for (const { json, canonical } of file.canonical) expect(toHex(canonicalJson(parseJson(bytesOf(json))))).toBe(canonical);
    for (const { json, why } of file.refusedJson) expect(() => parseJson(bytesOf(json)), why).toThrow(Malformed);
  });

  it('has signatures in this DER', async () => {
    for (const { fixed, der } of file.signatures) expect([toHex(toDer(bytesOf(fixed))), await fromDer(bytesOf(der))]).toEqual([der, bytesOf(fixed)]);
    for (const { der, why } of file.refusedSignatures) expect(await fromDer(bytesOf(der)), why).toBeNull();
  });

  it('is read as roots and targets of this digest', async () => {
    for (const { role, digest, file: hex } of file.metadata) {
      const read = role === 'root' ? await readRoot(bytesOf(hex)) : await readTargets(bytesOf(hex));
      expect(read.file.digest).toBe(digest);
    }
    expect(file.metadata.map(({ role }) => role)).toEqual(['root', 'root', 'targets', 'targets']);
  });
});

describe('readMetadata', () => {
  it('reads what it says, and the bytes that are signed', async () => {
    const file = await readMetadata(await fileOf(targetsOf(3, {})), 'targets');
    expect([file.version, new Date(file.expires).toISOString()]).toEqual([3, '2027-11-30T12:00:00.000Z']);
    expect(new TextDecoder().decode(file.canonical)).toBe('{"_type":"targets","expires":"2027-11-30T12:00:00Z","spec_version":"1.0.31","targets":{},"version":3}');
  });

  it.each<[string, Plain]>([
    ['another type', { _type: 'root' }], ['no type', { _type: undefined }], ['another specification', { spec_version: '2.0' }], ['no specification', { spec_version: '1.' }],
    ['version 0', { version: 0 }], ['a version in a text', { version: '3' }], ['a day that there is none of', { expires: '2027-02-30T12:00:00Z' }], ['a local time', { expires: '2027-11-30T12:00:00+01:00' }],
    ['a date alone', { expires: '2027-11-30' }], ['no end', { expires: undefined }],
  ])('refuses %s', async (_, change) => {
    await expect(readMetadata(await fileOf({ ...targetsOf(3, {}), ...change }), 'targets')).rejects.toThrow(Malformed);
  });

  it('refuses more bytes than devices read, before it looks at them', async () => {
    await expect(readMetadata(new Uint8Array(512 * 1024 + 1), 'targets')).rejects.toThrow(/524289 bytes/);
    await expect(readMetadata(new Uint8Array(64 * 1024 + 1), 'root')).rejects.toThrow(/65537 bytes/);
  });

  it('refuses a signature that stands twice, and counts a text that is none for nothing', async () => {
    const signed = targetsOf(3, {});
    const bytes = (signatures: unknown) => new TextEncoder().encode(JSON.stringify({ signatures, signed }));
    await expect(readMetadata(bytes([{ keyid: 'a', sig: '00' }, { keyid: 'a', sig: '01' }]), 'targets')).rejects.toThrow(/twice/);
    expect((await readMetadata(bytes([{ keyid: 'a', sig: 'XY' }]), 'targets')).signatures.get('a')).toEqual(new Uint8Array());
  });
});

describe('readRoot', () => {
  it('says who signs what', async () => {
    const read = await readRoot(await fileOf(await plan(), [key(root)]));
    expect([read.root.threshold, read.targets.threshold, read.targets.keys.length]).toEqual([1, 2, 2]);
    expect(read.online.key.equals(key(online).publicKey)).toBe(true);
    expect(await signersOf(read.file, read.root)).toHaveLength(1);
    expect(await signersOf(read.file, read.targets)).toHaveLength(0);
  });

  it.each<[string, (plain: Plain) => Plain]>([
    ['a member more', (one) => ({ ...one, more: 1 })],
    ['no consistent snapshots', (one) => ({ ...one, consistent_snapshot: false })],
    ['a role more', (one) => ({ ...one, roles: { ...(one['roles'] as Plain), mirrors: {} } })],
    ['a threshold above the number of keys', (one) => withRole(one, 'targets', { threshold: 3 })],
    ['a threshold of 0', (one) => withRole(one, 'root', { threshold: 0 })],
    ['a key that is not there', (one) => withRole(one, 'root', { keyids: ['00'.repeat(32)] })],
    ['keys twice', (one) => withRole(one, 'targets', { keyids: [idOf(one, 'root'), idOf(one, 'root')] })],
    ['two keys for the snapshot', (one) => withRole(one, 'snapshot', { keyids: (role(one, 'targets')['keyids']) })],
    ['another key for the timestamp', (one) => withRole(one, 'timestamp', { keyids: [idOf(one, 'root')] })],
    ['a key under another id', (one) => ({ ...one, keys: { ...(one['keys'] as Plain), ['ab'.repeat(32)]: (one['keys'] as Plain)[idOf(one, 'root')] } })],
    ['a key of another kind', (one) => ({ ...one, keys: { ...(one['keys'] as Plain), [idOf(one, 'root')]: { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: 'x' } } } })],
  ])('refuses %s', async (_, change) => {
    await expect(readRoot(await fileOf(change(await plan())))).rejects.toThrow(Malformed);
  });
});

describe('readTargets', () => {
  it.each<[string, Plain]>([
    ['delegations', { delegations: { keys: {}, roles: [] } }], ['a member more', { more: 1 }], ['no targets', { targets: undefined }], ['targets in a list', { targets: [] }],
    ['a path that leads out', { targets: { '../a': target() } }], ['an empty path', { targets: { '': target() } }], ['a path with a control character', { targets: { 'a\nb': target() } }],
    ['a target without a hash', { targets: { a: { length: 1, hashes: {} } } }], ['another hash besides', { targets: { a: { length: 1, hashes: { sha256: 'ab'.repeat(32), sha512: 'ab'.repeat(64) } } } }],
    ['a hash that is none', { targets: { a: { length: 1, hashes: { sha256: 'AB'.repeat(32) } } } }], ['a negative length', { targets: { a: { ...target(), length: -1 } } }],
    ['a member more of a target', { targets: { a: { ...target(), url: 'x' } } }],
  ])('refuses %s', async (_, change) => {
    await expect(readTargets(await fileOf({ ...targetsOf(3, {}), ...change }))).rejects.toThrow(Malformed);
  });
});

describe('releaseOf', () => {
  const read = async (custom: string) => {
    const file = new TextDecoder().decode(await fileOf(targetsOf(1, { a: target({}) }))).replace('"custom":{}', `"custom":${custom}`);
    const { targets } = await readTargets(new TextEncoder().encode(file));
    const one = targets.get('a');
    if (!one) throw new Error('It is not listed.');
    return releaseOf(one);
  };

  it('reads the releases of the vectors, and refuses those that are none', async () => {
    const { releases, refusedReleases } = vectors('update') as { releases: { custom: string }[]; refusedReleases: { why: string; custom: string }[] };
    for (const { custom } of releases) expect(await read(custom)).not.toBeNull();
    let refused = 0;
    for (const { custom, why } of refusedReleases) {
      // Whether a check is an address that devices ask, they and the server decide; without the member it is no release, and no error.
      if (/http|tcp/.test(why) || !custom.includes('"messaging"')) continue;
      refused++;
      await expect(read(custom), `${why}: ${custom}`).rejects.toThrow(Malformed);
    }
    expect(refused).toBeGreaterThan(20);
  });

  it('says of what is none that it is none', async () => {
    expect(await read('{}')).toBeNull();
    expect(await read('{"messaging-delta":{}}')).toBeNull();
    expect((await read(JSON.stringify(release({ params: { unit: 'a.service' } }))))?.params).toEqual([['unit', 'a.service']]);
  });
});

const role = (plain: Plain, name: string) => (plain['roles'] as Record<string, Plain>)[name] ?? {};
const idOf = (plain: Plain, name: string) => (role(plain, name)['keyids'] as string[])[0] ?? '';
const withRole = (plain: Plain, name: string, change: Plain): Plain => ({ ...plain, roles: { ...(plain['roles'] as Plain), [name]: { ...role(plain, name), ...change } } });
