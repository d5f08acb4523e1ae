import type { Bytes } from '@/trust/protocol/bytes';
import { readBundle, type TrustBundle, type TrustChange, writeBundle } from '@/trust/protocol/bundle';
import { CborWriter } from '@/trust/protocol/cborWriter';
import { writeCoseSign } from '@/trust/protocol/coseSign';
import { begin, type FleetTrust } from '@/trust/protocol/fleetTrust';
import { idOf } from '@/trust/protocol/fields';
import { makeKeyRole } from '@/trust/protocol/keyRole';
import { readNotice } from '@/trust/protocol/notice';
import { readRoot, rootPayload, signRoot } from '@/trust/protocol/root';
import { type RosterContent, signRoster } from '@/trust/protocol/roster';
import { makeSigningKey, type SigningKey } from '@/trust/protocol/signingKey';

export const start = Date.UTC(2026, 10, 29);
export const fleetId = '00112233445566778899aabbccddeeff';
export const clock = (days = 1) => ({ now: start + days * 86_400_000, server: null });

/** A server with its fleet, as TrustService of the fleet server makes and changes it. */
export class TestServer {
  readonly key: SigningKey;
  readonly serverId: string;
  bundle: TrustBundle;
  private readonly root: SigningKey;
  private number = 1n;

  private constructor(root: SigningKey, key: SigningKey, serverId: string, bundle: TrustBundle) {
    this.root = root;
    this.key = key;
    this.serverId = serverId;
    this.bundle = bundle;
  }

  static async begin(id = fleetId): Promise<TestServer> {
    const [root, key, time] = await Promise.all([makeSigningKey(false), makeSigningKey(false), makeSigningKey(false)]);
    const serverId = await key.publicKey.principalId();
    const role = await makeKeyRole(1, [root.publicKey]);
    const content = { fleetId: id, version: 1n, issuedAt: start, root: role, owner: role };
    const roster: RosterContent = {
      fleetId: id, rootVersion: 1n, version: 1n, issuedAt: start, expiresAt: null, rules: [], homes: [],
      principals: [
        { id: serverId, identity: key.publicKey, hpke: [], roles: ['server', 'operator', 'owner'], notAfter: null },
        { id: await time.publicKey.principalId(), identity: time.publicKey, hpke: [], roles: ['time'], notAfter: null },
      ],
    };
    const notice = await signNotice(key, serverId, id, 1n, 1n, 1n);
    return new TestServer(root, key, serverId, { roots: [await signRoot(content, [root])], roster: await signRoster(roster, [root]), notice });
  }

  get bytes(): Bytes {
    return writeBundle(this.bundle);
  }

  async trust(): Promise<FleetTrust> {
    const { trust, verdict } = await begin(this.bytes, this.bundle.roots[0]?.fingerprint ?? '');
    if (trust === null) throw new Error(verdict);
    return trust;
  }

  /** While it holds the root, it signs the one that takes its place. */
  async take(change: TrustChange): Promise<void> {
    const [first] = change.roots;
    const roots = this.bundle.roots.length === 1 && first ? [await this.coSign(first)] : change.roots;
    this.number++;
    const { content } = change.roster;
    const notice = await signNotice(this.key, this.serverId, content.fleetId, this.number, content.rootVersion, content.version);
    this.bundle = await readBundle(writeBundle({ roots: [...this.bundle.roots, ...roots], roster: change.roster, notice }));
  }

  private async coSign(root: TrustChange['roots'][number]) {
    const own = await readRoot(await writeCoseSign([this.root], 'messaging/1/root', rootPayload(root.content)));
    const signatures = [...root.message.signatures, ...own.message.signatures].sort((a, b) => Buffer.compare(a.kid, b.kid));
    const writer = new CborWriter().array(4).bytes(new Uint8Array()).map(0).bytes(root.message.payload);
    writer.list(signatures, 8, ({ kid, signature }) => writer.array(3).bytes(Uint8Array.of(0xa1, 0x01, 0x26)).map(1).uint(4).bytes(kid).bytes(signature));
    return readRoot(writer.finish());
  }
}

async function signNotice(key: SigningKey, serverId: string, id: string, number: bigint, rootVersion: bigint, rosterVersion: bigint) {
  const hpke = await makeSigningKey(false);
  const payload = new CborWriter().array(10).uint(1).bytes(idOf(id)).bytes(idOf(serverId)).uint(number).uint(start).uint(rootVersion).uint(rosterVersion)
    .array(1).bytes(hpke.publicKey.point).array(0).array(0).finish();
  return readNotice(await writeCoseSign([key], 'messaging/1/notice', payload));
}
