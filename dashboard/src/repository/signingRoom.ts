import type { Repository } from '@/api/types';
import { type Bytes, sameBytes } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { Refused } from '@/trust/refused';
import { type Draft, type DraftBytes, isReadable, judgeRoot, judgeTargets, type Unreadable } from './draft';
import { type Published, verifyPublished } from './published';
import type { Role } from './limits';
import { loadSeen, rememberSeen } from './seen';

const maxAttempts = 3;

/** Where the repository is read from. */
export interface RepositoryFiles {
  status: () => Promise<Pick<Repository, 'root' | 'targets' | 'drafts'>>;
  metadata: (name: string) => Promise<Bytes | null>;
  draft: (role: Role) => Promise<Bytes | null>;
  draftSigned: (role: Role) => Promise<Bytes | null>;
}

/** What is to be signed, and what is known when it is. */
export interface SigningRoom {
  published: Published | null;
  drafts: readonly (Draft | Unreadable)[];
  notes: readonly string[];
}

/** What devices are shown, verified from the fleet's root on, and remembered; null: nothing was published yet. */
export async function readPublished(files: RepositoryFiles, fleet: FleetTrust): Promise<{ published: Published | null; notes: readonly string[]; waiting: readonly Role[] }> {
  const [{ root, targets, drafts }, seen] = [await files.status(), await loadSeen(fleet.root.fleetId)];
  const waiting = drafts.map(({ role }) => role);
  if (root === null || targets === null) {
    return { published: null, waiting, notes: seen === null ? [] : [`The server shows no repository, and this browser has seen root ${seen.root} and targets ${seen.targets}: it was restored from a backup, or holds something back.`] };
  }
  const published = await verifyPublished(files.metadata, { root: root.version, targets: targets.version }, fleet, seen);
  await rememberSeen(fleet.root.fleetId, { root: published.root.file.version, rootDigest: published.root.file.digest, targets: published.targets.file.version });
  return { published, waiting, notes: published.notes };
}

export async function openSigningRoom(files: RepositoryFiles, fleet: FleetTrust, now: number): Promise<SigningRoom> {
  const { published, notes, waiting } = await readPublished(files, fleet);
  const around = { fleet, published, seen: await loadSeen(fleet.root.fleetId), now };
  const [rootBytes, targetsBytes] = [waiting.includes('root') ? await readDraft(files, 'root') : null, waiting.includes('targets') ? await readDraft(files, 'targets') : null];
  const root = rootBytes && await judgeRoot(rootBytes, around);
  const next = root === null ? published?.root ?? null : isReadable(root) && root.problems.length === 0 ? root.root : null;
  const targets = targetsBytes && await judgeTargets(targetsBytes, next, around);
  return { published, notes, drafts: [root, targets].filter((one) => one !== null) };
}

/** A file and the bytes that belong to it: read again where somebody changed the draft between the requests. */
async function readDraft(files: RepositoryFiles, role: Role): Promise<DraftBytes | null> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const [before, file, after] = [await files.draftSigned(role), await files.draft(role), await files.draftSigned(role)];
    if (before === null || file === null || after === null) return null;
    if (sameBytes(before, after)) return { file, signed: after };
  }
  throw new Refused(`The draft of the ${role} changes faster than it can be read. Somebody is at work on it; look again in a while.`);
}
