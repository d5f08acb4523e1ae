import type { Bytes } from './bytes';
import { lastRoot, maxRoots, readBundle, type TrustBundle } from './bundle';
import { readOrNull } from './malformed';
import { isNoticeSignedBy, type NoticeContent } from './notice';
import { follows, isRootSignedBy, type Root, type RootContent } from './root';
import { isRosterSignedBy, type Principal, type RosterContent } from './roster';

/** What became of a bundle; as messaging/spec/protocol.md, section 15, names them. */
export type Verdict =
  | 'Applied' | 'Known' | 'Older' | 'Malformed' | 'UnknownRoot' | 'RootNotSigned' | 'RosterNotSigned' | 'NoticeNotSigned';

/** Whom a fleet trusts, verified. It only ever goes forward. Immutable. */
export interface FleetTrust {
  /** What proves it. */
  bundle: TrustBundle;
  root: RootContent;
  /** SHA-256 of the newest root's payload, 64 digits. */
  rootFingerprint: string;
  roster: RosterContent;
  notice: NoticeContent;
  /** The server that the notice is of. */
  server: Principal;
}

export interface Judged {
  verdict: Verdict;
  trust: FleetTrust | null;
}

/** Begins to trust a fleet, of which nothing is known but a root's fingerprint (64 digits). */
export async function begin(data: Bytes, fingerprint: string): Promise<Judged> {
  const bundle = await readOrNull(() => readBundle(data));
  if (bundle === null) return refused('Malformed');
  const at = bundle.roots.findIndex((root) => root.fingerprint === fingerprint);
  const pinned = bundle.roots[at];
  if (!pinned) return refused('UnknownRoot');
  // The fingerprint vouches for what it says; that it was really put in force, its own keys do.
  return (await isRootSignedBy(pinned, pinned.content.root)) ? check(bundle, at) : refused('RootNotSigned');
}

/** What is trusted after a bundle arrived. Unless the verdict is Applied, what was trusted before. */
export async function next(known: FleetTrust, data: Bytes): Promise<{ verdict: Verdict; trust: FleetTrust }> {
  const bundle = await readOrNull(() => readBundle(data));
  if (bundle === null || bundle.roster.content.fleetId !== known.root.fleetId) return { verdict: 'Malformed', trust: known };
  if (lastRoot(bundle).content.version < known.root.version) return { verdict: 'Older', trust: known };
  const at = bundle.roots.findLastIndex((root) => root.fingerprint === known.rootFingerprint);
  const first = bundle.roots[0];
  // It may begin just after what is known.
  if (at < 0 && !(first && (await follows(first, lastRoot(known.bundle))))) return { verdict: 'UnknownRoot', trust: known };
  const { roots, from } = joined(known.bundle.roots, bundle.roots.slice(at + 1));
  const { verdict, trust } = await check({ ...bundle, roots }, from);
  return trust === null ? { verdict, trust: known } : advance(known, trust);
}

/** What leads to the root that this began with is kept, as far as there is room. */
function joined(known: readonly Root[], added: readonly Root[]): { roots: Root[]; from: number } {
  const all = [...known, ...added];
  const over = Math.max(0, all.length - maxRoots);
  return { roots: all.slice(over), from: Math.max(0, known.length - 1 - over) };
}

/** Each root after `from` follows the one before, and roster and notice are good under the last. */
async function check(bundle: TrustBundle, from: number): Promise<Judged> {
  for (let i = from + 1; i < bundle.roots.length; i++) {
    const [before, root] = [bundle.roots[i - 1], bundle.roots[i]];
    if (!before || !root || !(await follows(root, before))) return refused('RootNotSigned');
  }
  const root = lastRoot(bundle);
  const { roster, notice } = bundle;
  if (roster.content.fleetId !== root.content.fleetId || roster.content.rootVersion !== root.content.version
    || !(await isRosterSignedBy(roster, root.content.owner))) return refused('RosterNotSigned');
  const server = notice.content.fleetId === root.content.fleetId ? findServer(roster.content, notice.content.server) : null;
  if (!server || !(await isNoticeSignedBy(notice, server.identity))) return refused('NoticeNotSigned');
  return { verdict: 'Applied', trust: trustOf(bundle, server) };
}

/** A higher root counts before a higher roster, and a roster before a notice; of two notices, the better one is kept. */
async function advance(known: FleetTrust, other: FleetTrust): Promise<{ verdict: Verdict; trust: FleetTrust }> {
  const order = compare(other.root.version, known.root.version) || compare(other.roster.version, known.roster.version);
  if (order < 0) return { verdict: 'Older', trust: known };
  if (order > 0) {
    const still = findServer(other.roster, known.notice.server);
    const keeps = still?.identity.equals(known.server.identity) === true && better(other.roster, known.notice, other.notice) > 0;
    return { verdict: 'Applied', trust: keeps ? trustOf({ ...other.bundle, notice: known.bundle.notice }, still) : other };
  }
  const difference = better(known.roster, other.notice, known.notice);
  if (difference <= 0) return { verdict: difference === 0 ? 'Known' : 'Older', trust: known };
  // Two rosters of one version are the owners' mistake; the first one stays.
  const named = findServer(known.roster, other.notice.server);
  return named && (await isNoticeSignedBy(other.bundle.notice, named.identity))
    ? { verdict: 'Applied', trust: trustOf({ ...known.bundle, notice: other.bundle.notice }, named) }
    : { verdict: 'NoticeNotSigned', trust: known };
}

function trustOf(bundle: TrustBundle, server: Principal): FleetTrust {
  const root = lastRoot(bundle);
  return { bundle, root: root.content, rootFingerprint: root.fingerprint, roster: bundle.roster.content, notice: bundle.notice.content, server };
}

const refused = (verdict: Verdict): Judged => ({ verdict, trust: null });
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

const findServer = (roster: RosterContent, id: string) =>
  roster.principals.find((one) => one.id === id && one.roles.includes('server')) ?? null;

/** Positive when the one notice counts before the other: of a server that the roster lists earlier, or newer of the same. */
function better(roster: RosterContent, one: NoticeContent, other: NoticeContent): number {
  if (one.server === other.server) return compare(one.number, other.number);
  return rank(roster, other.server) - rank(roster, one.server);
}

function rank(roster: RosterContent, server: string): number {
  const at = roster.principals.findIndex(({ id }) => id === server);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}
