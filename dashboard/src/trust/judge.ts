import { lastRoot, readBundle } from './protocol/bundle';
import type { Bytes } from './protocol/bytes';
import { begin, type FleetTrust, next, type Verdict } from './protocol/fleetTrust';
import { readOrNull } from './protocol/malformed';
import type { FleetMemory } from './store/fleetMemory';

/** What the server shows, held against what this browser knows. */
export type Judgement =
  /**
   * It follows. `news`: more than was known. `older`: the server shows less than this browser has seen, which counts on. `shownRoot`: the
   * version of the newest root that the server has.
   */
  | { kind: 'good'; trust: FleetTrust; news: boolean; older: boolean; shownRoot: bigint }
  /** It does not follow what is known, or does not prove itself: not to be taken for the fleet. */
  | { kind: 'alarm'; verdict: Verdict; known: FleetTrust | null; otherFleet: boolean };

/** Begins with what is shown when nothing is known yet: the first sight is believed, and everything after it is held against it. */
export async function judge(answer: Bytes, memory: Pick<FleetMemory, 'fingerprint' | 'bundle'> | null): Promise<Judgement> {
  const shown = await readOrNull(() => readBundle(answer));
  if (memory === null) {
    const first = await begin(answer, shown ? lastRoot(shown).fingerprint : '');
    return first.trust === null ? alarm(first.verdict, null, false)
      : { kind: 'good', trust: first.trust, news: true, older: false, shownRoot: first.trust.root.version };
  }
  const known = (await begin(memory.bundle, memory.fingerprint)).trust;
  if (known === null) throw new Error('What this browser remembers of the fleet is damaged. Clear the page’s data, and compare the fleet’s fingerprint anew.');
  const { verdict, trust } = await next(known, answer);
  switch (verdict) {
    case 'Applied':
    case 'Known':
    case 'Older':
      return { kind: 'good', trust, news: verdict === 'Applied', older: verdict === 'Older', shownRoot: shown ? lastRoot(shown).content.version : trust.root.version };
    default:
      return alarm(verdict, known, shown !== null && shown.roster.content.fleetId !== known.root.fleetId);
  }
}

const alarm = (verdict: Verdict, known: FleetTrust | null, otherFleet: boolean): Judgement => ({ kind: 'alarm', verdict, known, otherFleet });
