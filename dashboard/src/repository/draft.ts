import { type Bytes, sameBytes } from '@/trust/protocol/bytes';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { Malformed } from '@/trust/protocol/malformed';
import type { SigningKey } from '@/trust/protocol/signingKey';
import type { PublicKey } from '@/trust/protocol/publicKey';
import { Refused } from '@/trust/refused';
import { type Change, rootChanges, targetChanges } from './changes';
import type { Role } from './limits';
import type { MetadataFile } from './metadata';
import type { Published } from './published';
import { repositoryKey, type RepositoryKey } from './repositoryKey';
import { readRoot, type RepositoryRole, type RepositoryRoot } from './root';
import type { Seen } from './seen';
import { signersOf, signMetadata } from './signatures';
import { readTargets, type RepositoryTargets } from './targets';

/** Whose signatures a draft needs, all of these, and who of them has signed: verified here. */
export interface Need {
  by: string;
  role: RepositoryRole;
  signers: readonly RepositoryKey[];
}

/** A root or targets that wait for signatures, as this browser reads the bytes. */
export interface Draft {
  role: Role;
  file: MetadataFile;
  needs: readonly Need[];
  /** Why it is not signed here; empty: it can be. */
  problems: readonly string[];
  changes: readonly Change[];
  /** Targets that stay as they are. */
  same: number;
  before: MetadataFile | null;
}

/** What cannot be shown is not signed. */
export interface Unreadable {
  role: Role;
  why: string;
}

/** What the server hands out of a draft: the file, and the bytes that it says are to be signed. */
export interface DraftBytes {
  file: Bytes;
  signed: Bytes;
}

export interface Surroundings {
  fleet: FleetTrust;
  published: Published | null;
  seen: Seen | null;
  /** Unix milliseconds. */
  now: number;
}

export type RootDraft = Draft & { root: RepositoryRoot };

export const isReadable = <T extends Draft>(draft: T | Unreadable | null): draft is T => draft !== null && 'file' in draft;

export const isComplete = ({ needs }: Draft) => needs.length > 0 && needs.every(({ role, signers }) => signers.length >= role.threshold);

export const judgeRoot = (bytes: DraftBytes, around: Surroundings): Promise<RootDraft | Unreadable> => reading('root', async () => {
  const root = await readRoot(bytes.file);
  const before = around.published?.root ?? null;
  requireCanonical(root.file, bytes.signed);
  const first: [string, RepositoryRole] = before ? [`root ${before.file.version}`, before.root] : ['the fleet’s root', await roleOf(around.fleet)];
  return {
    role: 'root', root, file: root.file, before: before?.file ?? null, same: 0,
    needs: await needsOf(root.file, [first, [`root ${root.file.version} itself`, root.root]]),
    problems: problemsOf(root.file, Math.max(before?.file.version ?? 0, around.seen?.root ?? 0), around.now),
    changes: rootChanges(root, before, around.fleet.root.root.keys),
  };
});

/** `root`: the one that the targets will be under, the draft's where there is one. */
export const judgeTargets = (bytes: DraftBytes, root: RepositoryRoot | null, around: Surroundings): Promise<Draft & { targets: RepositoryTargets } | Unreadable> => reading('targets', async () => {
  const targets = await readTargets(bytes.file);
  const before = around.published?.targets ?? null;
  requireCanonical(targets.file, bytes.signed);
  const problems = problemsOf(targets.file, Math.max(before?.file.version ?? 0, around.seen?.targets ?? 0), around.now);
  return {
    role: 'targets', targets, file: targets.file, before: before?.file ?? null, ...targetChanges(targets, before),
    needs: root ? await needsOf(targets.file, [[`the targets’ keys of root ${root.file.version}`, root.targets]]) : [],
    problems: root ? problems : [...problems, 'Who signs it, the draft of the root says, and that is not one that is signed here.'],
  };
});

/** The signature of a key, by which the server finds it. @throws Refused for what is not signed here, and for a key that signs nothing of it. */
export async function signDraft(draft: Draft, key: SigningKey, now: number): Promise<{ keyId: string; signature: string }> {
  const [problem] = [...draft.problems, ...expiredProblems(draft.file, now)];
  if (problem !== undefined) throw new Refused(problem);
  const { id, fingerprint } = await repositoryKey(key.publicKey);
  if (!maySign(draft, key.publicKey)) {
    const keys = draft.needs.flatMap(({ role }) => role.keys.map((one) => one.fingerprint.slice(0, 16)));
    throw new Refused(`The key ${fingerprint.slice(0, 16)}… does not sign this ${draft.role}. Keys that do: ${[...new Set(keys)].map((one) => `${one}…`).join(', ')}.`);
  }
  return { keyId: id, signature: await signMetadata(key, draft.file.canonical) };
}

export const maySign = (draft: Draft, key: PublicKey) => draft.needs.some(({ role }) => role.keys.some((one) => one.key.equals(key)));

export const hasSigned = (draft: Draft, key: PublicKey) => draft.needs.some(({ signers }) => signers.some((one) => one.key.equals(key)));

async function reading<T>(role: Role, read: () => Promise<T>): Promise<T | Unreadable> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Malformed) return { role, why: error.message };
    throw error;
  }
}

/** What is shown is read from the file, and what is signed is made of what is shown: it has to be what the server says is to be signed. */
function requireCanonical(file: MetadataFile, signed: Bytes): void {
  if (!sameBytes(file.canonical, signed)) throw new Malformed('The bytes that the server would have signed are not the canonical JSON of what it shows.');
}

const needsOf = (file: MetadataFile, roles: readonly [string, RepositoryRole][]) => Promise.all(roles.map(async ([by, role]): Promise<Need> => ({ by, role, signers: await signersOf(file, role) })));

async function roleOf({ root }: FleetTrust): Promise<RepositoryRole> {
  return { threshold: root.root.threshold, keys: await Promise.all(root.root.keys.map(repositoryKey)) };
}

function problemsOf(file: MetadataFile, last: number, now: number): string[] {
  const { role, version } = file;
  const follows = version === last + 1 ? [] : [
    `It is version ${version} of the ${role}, and the next one is version ${last + 1}. ${version <= last ? 'Something as new was published, or seen here, already.' : 'Numbers that were left out could never be used.'} Make the draft anew with fleetctl, or sign with fleetctl where you know why.`,
  ];
  return [...follows, ...expiredProblems(file, now)];
}

const expiredProblems = ({ expires }: MetadataFile, now: number) => (expires <= now ? [`It ended at ${new Date(expires).toISOString().replace('.000', '')}, by this computer’s clock: devices would refuse it. Make the draft anew: fleetctl artifact renew`] : []);
