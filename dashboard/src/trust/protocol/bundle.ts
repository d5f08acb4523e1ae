import type { Bytes } from './bytes';
import { CborReader } from './cborReader';
import { CborWriter } from './cborWriter';
import { requireAtMost } from './fields';
import { Malformed } from './malformed';
import { maxNoticeBytes, readNotice, type ServerNotice } from './notice';
import { maxRootBytes, readRoot, type Root } from './root';
import { maxRosterBytes, readRoster, type Roster } from './roster';

export const maxRoots = 64;
export const maxBundleBytes = 240 * 1024;

/** All that is needed to know whom to trust, as it travels and is kept. Nothing in it has been verified. */
export interface TrustBundle {
  /** The newest, their versions rising by one; at least one. */
  roots: readonly Root[];
  roster: Roster;
  notice: ServerNotice;
}

/** What owners hand to a server, which adds its notice. */
export interface TrustChange {
  roots: readonly Root[];
  roster: Roster;
}

export async function readBundle(data: Bytes): Promise<TrustBundle> {
  if (data.length > maxBundleBytes) throw new Malformed('A bundle that is too long.');
  const reader = new CborReader(data);
  reader.fields(4);
  reader.expect(1);
  const roots: Root[] = [];
  for (let left = reader.list(maxRoots); left > 0; left--) roots.push(await readRoot(reader.bytes(maxRootBytes)));
  if (roots.length === 0) throw new Malformed('A bundle without a root.');
  const roster = readRoster(reader.bytes(maxRosterBytes));
  const notice = readNotice(reader.bytes(maxNoticeBytes));
  reader.end();
  return { roots, roster, notice };
}

export function writeBundle({ roots, roster, notice }: TrustBundle): Bytes {
  const writer = new CborWriter().array(4).uint(1);
  return writer.list(roots, maxRoots, (root) => writer.bytes(root.bytes)).bytes(roster.bytes).bytes(notice.bytes).finish();
}

export function writeChange({ roots, roster }: TrustChange): Bytes {
  const writer = new CborWriter().array(3).uint(1);
  return requireAtMost(writer.list(roots, maxRoots, (root) => writer.bytes(root.bytes)).bytes(roster.bytes).finish(), maxBundleBytes, 'The change');
}

export function lastRoot(bundle: Pick<TrustBundle, 'roots'>): Root {
  const root = bundle.roots.at(-1);
  if (!root) throw new Error('A bundle has at least one root.');
  return root;
}
