import type { Bytes } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { KeyRole } from '@/trust/protocol/keyRole';
import { Malformed } from '@/trust/protocol/malformed';
import { Refused } from '@/trust/refused';
import { type RepositoryRoot, readRoot } from './root';
import type { Seen } from './seen';
import { isAnchoredBy, isMetBy } from './signatures';
import { type RepositoryTargets, readTargets } from './targets';

/** What devices are shown, verified from the fleet's root on. */
export interface Published {
  root: RepositoryRoot;
  targets: RepositoryTargets;
  /** What the owner should know. */
  notes: readonly string[];
}

/** A metadata file by its name; null when the server shows none. */
export type FindFile = (name: string) => Promise<Bytes | null>;

/** A year of one root each day. */
const maxRoots = 400;

/** @throws Refused when it does not prove itself, or is another one than this browser has seen. */
export async function verifyPublished(find: FindFile, shown: { root: number; targets: number }, fleet: FleetTrust, seen: Seen | null): Promise<Published> {
  try {
    const roots = new Roots(find, shown.root);
    const { anchor, note } = await anchorOf(roots, fleet);
    const root = await roots.follow(anchor);
    const notes = [note, await compare(roots, root, seen)];
    const targets = await readTargets(await demand(find, `${shown.targets}.targets.json`));
    if (targets.file.version !== shown.targets || !(await isMetBy(targets.file, root.targets))) throw new Malformed('its targets are not signed by who may');
    if (seen !== null && seen.targets > targets.file.version) notes.push(`The server shows targets ${targets.file.version}, and this browser has seen targets ${seen.targets}: it was restored from a backup, or holds something back.`);
    return { root, targets, notes: notes.filter((one) => one !== null) };
  } catch (error) {
    if (error instanceof Malformed) throw new Refused(`What the server shows as published does not prove itself (${error.message}). Nothing is signed here: somebody pretends, or the server is damaged.`);
    throw error;
  }
}

/** Roots by their versions, fetched when they are needed: mostly the newest is all. */
class Roots {
  readonly newest: number;
  private readonly find: FindFile;
  private readonly read = new Map<number, RepositoryRoot>();

  constructor(find: FindFile, newest: number) {
    this.find = find;
    this.newest = newest;
  }

  async at(version: number): Promise<RepositoryRoot> {
    const known = this.read.get(version);
    if (known !== undefined) return known;
    const root = await readRoot(await demand(this.find, `${version}.root.json`));
    if (root.file.version !== version) throw new Malformed(`root ${version} says that it is root ${root.file.version}`);
    this.read.set(version, root);
    return root;
  }

  /** The newest one that the keys have signed; null: none. */
  async signedBy(keys: KeyRole): Promise<number | null> {
    for (let version = this.newest; version > Math.max(0, this.newest - maxRoots); version--) {
      if (await isAnchoredBy((await this.at(version)).file, keys)) return version;
    }
    return null;
  }

  /** From where the trust begins to the newest: each is signed by the keys of the one before and by its own. */
  async follow(anchor: number): Promise<RepositoryRoot> {
    let root = await this.at(anchor);
    if (!(await isMetBy(root.file, root.root))) throw new Malformed(`root ${anchor} is not signed by its own keys`);
    for (let version = anchor + 1; version <= this.newest; version++) {
      const next = await this.at(version);
      if (!(await isMetBy(next.file, root.root)) || !(await isMetBy(next.file, next.root))) throw new Malformed(`root ${version} is not signed by the keys of root ${version - 1} and its own`);
      root = next;
    }
    return root;
  }
}

async function anchorOf(roots: Roots, fleet: FleetTrust): Promise<{ anchor: number; note: string | null }> {
  const today = await roots.signedBy(fleet.root.root);
  if (today !== null) return { anchor: today, note: null };
  for (const { content } of fleet.bundle.roots.toReversed()) {
    const anchor = await roots.signedBy(content.root);
    if (anchor !== null) {
      return { anchor, note: `The repository’s root is signed by the fleet’s root ${content.version}, and not by root ${fleet.root.version} of today: devices that are new cannot begin with it. Make another one: fleetctl artifact root` };
    }
  }
  throw new Malformed('no root key of the fleet has signed it');
}

async function compare(roots: Roots, newest: RepositoryRoot, seen: Seen | null): Promise<string | null> {
  if (seen === null) return null;
  if (seen.root > newest.file.version) return `The server shows root ${newest.file.version} of the repository, and this browser has seen root ${seen.root}: it was restored from a backup, or holds something back.`;
  if ((await roots.at(seen.root)).file.digest !== seen.rootDigest) throw new Malformed(`it is another root ${seen.root} than this browser has seen, signed by the same keys: somebody else has them`);
  return null;
}

async function demand(find: FindFile, name: string): Promise<Bytes> {
  const bytes = await find(name);
  if (bytes === null) throw new Malformed(`${name} is not shown`);
  return bytes;
}
