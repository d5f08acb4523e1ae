import { change, read } from '@/trust/store/database';

/** The newest that this browser has seen of a fleet's repository: so that nobody can have people sign what is built on something older or other. */
export interface Seen {
  root: number;
  /** Of what that root says; 64 digits. */
  rootDigest: string;
  targets: number;
}

type Kept = Seen & { id: string };

const idOf = (fleetId: string) => `repository/${fleetId}`;

/** null: nothing yet. */
export const loadSeen = (fleetId: string): Promise<Seen | null> => read<Kept>('fleet', idOf(fleetId));

/** What is older than what is kept changes nothing. */
export async function rememberSeen(fleetId: string, shown: Seen): Promise<void> {
  await change<Kept>('fleet', idOf(fleetId), (found) => ({
    id: idOf(fleetId),
    ...(found !== null && found.root > shown.root ? { root: found.root, rootDigest: found.rootDigest } : { root: shown.root, rootDigest: shown.rootDigest }),
    targets: Math.max(shown.targets, found?.targets ?? 0),
  }));
}
