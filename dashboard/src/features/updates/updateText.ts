import type { Update, UpdateState } from '@/api/types';
import type { Tone } from '@/ui/Chip';

export const updateStates: Record<UpdateState, { label: string; tone: Tone; meaning: string }> = {
  pending: { label: 'Pending', tone: 'plain', meaning: 'The device has not taken the command yet.' },
  assigned: { label: 'Assigned', tone: 'accent', meaning: 'The device has taken it, and begins at a random moment.' },
  downloading: { label: 'Downloading', tone: 'accent', meaning: 'It fetches what the repository says of the release, and the release.' },
  verifying: { label: 'Verifying', tone: 'accent', meaning: 'What was fetched is made the content, and verified.' },
  staged: { label: 'Staged', tone: 'accent', meaning: 'It lies in the inactive slot.' },
  waiting: { label: 'Waiting', tone: 'accent', meaning: 'It waits for a maintenance window, or for a newer roster.' },
  switching: { label: 'Switching', tone: 'accent', meaning: 'It becomes the current one.' },
  booted: { label: 'Booted', tone: 'accent', meaning: 'What was switched has started.' },
  checking: { label: 'Checking', tone: 'accent', meaning: 'Its checks run; when they do not pass in time, the device goes back.' },
  unproven: { label: 'Unproven', tone: 'warn', meaning: 'The device says that it has ended; its signed receipt has not come yet.' },
  committed: { label: 'Committed', tone: 'good', meaning: 'It runs, its checks have passed, and the device has signed that.' },
  reverted: { label: 'Reverted', tone: 'bad', meaning: 'It did not work: what was there before is there again. The device has signed that.' },
  failed: { label: 'Failed', tone: 'bad', meaning: 'Nothing was switched. The device has signed that.' },
  rejected: { label: 'Rejected', tone: 'bad', meaning: 'The device did not take the command.' },
  expired: { label: 'Expired', tone: 'warn', meaning: 'The time of the command was over before the device took it.' },
  cancelled: { label: 'Cancelled', tone: 'plain', meaning: 'Taken back, or stopped before it switched.' },
  unknown: { label: 'Unknown', tone: 'warn', meaning: 'The device began, and did not say how it ended.' },
};

/** The way of an update that works, as far as the device tells it. */
export const way: readonly UpdateState[] = ['pending', 'assigned', 'downloading', 'verifying', 'staged', 'waiting', 'switching', 'booted', 'checking', 'committed'];

export const underWay: readonly UpdateState[] = ['pending', 'assigned', 'downloading', 'verifying', 'staged', 'waiting', 'switching', 'booted', 'checking', 'unproven'];

const reasons: Record<string, string> = {
  cancelled: 'Somebody cancelled it.',
  deadline: 'Its time was over.',
  'not-assigned-so': 'Repository and assignment name different things.',
  'not-a-release': 'What the repository says of the target is no release.',
  'wrong-hardware': 'It is for other hardware.',
  'wrong-build': 'It is the other build of the agent, which would not start there.',
  'requirement-missing': 'It needs what is not there.',
  older: 'Its counter is not above that of what is installed.',
  'unsupported-kind': 'The device cannot install such a kind.',
  'no-space': 'There is not enough room on the disk.',
  unreachable: 'No repository could be reached.',
  'bad-content': 'What was fetched is not the content that is named.',
  'bad-delta': 'A delta did not make the content.',
  'bad-key': 'The key does not open it, or is missing.',
  'not-allowed': 'Root’s file on the device does not allow it.',
  'not-permitted': 'Those who signed it may not have it installed any more.',
  'hook-failed': 'The program that installs it failed.',
  'start-failed': 'The new one did not start; the guard switched back.',
  unhealthy: 'Its checks did not pass in time.',
  interrupted: 'The device went down at a moment after which it could not go on.',
  busy: 'Another update was under way.',
  'tuf-rollback': 'The repository showed an older state than before.',
  'tuf-freeze': 'What the repository shows has expired.',
  'tuf-threshold': 'The repository is not signed by as many as must.',
};

/** Why it was not committed, for people; the word itself where it is not known here. */
export const reasonText = (reason: string) => reasons[reason] ?? (reason.startsWith('tuf-') ? `The repository was refused: ${reason.slice(4)}.` : reason);

export const releaseText = (update: Pick<Update, 'name' | 'version' | 'target'>) => (
  update.name === '' ? (update.target === '' ? 'An unknown release' : update.target) : `${update.name} ${update.version}`);

/** Since when the device has been silent though its deadline has passed comes first, then what is newer. */
export function overdueFirst<T extends Pick<Update, 'silentSince'>>(updates: readonly T[]): T[] {
  return [...updates.filter(({ silentSince }) => silentSince !== null), ...updates.filter(({ silentSince }) => silentSince === null)];
}

/** How far it is on its way: what is behind it, where it is, and what is before it. */
export function steps(update: Pick<Update, 'state' | 'ended'>): { state: UpdateState; at: 'past' | 'now' | 'ahead' }[] {
  const now = way.indexOf(update.state === 'unproven' ? 'checking' : update.state);
  return way.map((state, i) => ({ state, at: i < now ? 'past' : i === now ? (update.state === 'committed' ? 'past' : 'now') : 'ahead' }));
}

/** 0 to 1; null: it is not about bytes. */
export const shareOf = (update: Pick<Update, 'done' | 'total' | 'ended'>) => (update.ended || update.total === 0 ? null : Math.min(1, update.done / update.total));

/** 11534336 of neighbours → "11.0 MiB from neighbours"; empty where nothing is known of it. */
export function fetchedText({ fetched }: Pick<Update, 'fetched'>): string {
  if (fetched === null) return '';
  const parts: [number, string][] = [[fetched.neighbours, 'neighbours'], [fetched.mirrors, 'mirrors'], [fetched.homes, 'the fleet']];
  return parts.filter(([bytes]) => bytes > 0).map(([bytes, whom]) => `${bytesText(bytes)} from ${whom}`).join(', ');
}

/** Before a time such as "in 9 d" or "2 h ago". */
export const targetsEnd = (expires: string, now: number) => (Date.parse(expires) > now ? 'The signatures end' : 'The signatures ended');

/** 11534336 → "11.0 MiB" */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power] ?? 'B'}`;
}
