import { ProblemError } from '@/api/problem';
import { fetchTrust, postTrust } from '@/api/trust';
import { lastRoot, maxRoots, type TrustChange, writeChange } from './protocol/bundle';
import { sameBytes } from './protocol/bytes';
import { type GoodTrust, takeIn } from './queries';
import { Refused } from './refused';

/**
 * Hands a change to the server, and sees that the fleet's devices get this one and no other from then on. Only what this returns is done.
 */
export async function submit(before: GoodTrust, change: TrustChange): Promise<GoodTrust> {
  // A server that was restored from a backup lacks the newest roots.
  const missing = before.trust.bundle.roots.filter(({ content }) => content.version > before.shownRoot);
  const answer = await post({ ...change, roots: [...missing, ...change.roots].slice(-maxRoots) });
  const state = await takeIn(answer.bytes, answer.serverTime);
  if (state.kind !== 'good') throw new Refused('The server took the change, but shows something that does not follow what this browser knows. Look at the page Trust.');
  const root = change.roots.at(-1) ?? lastRoot(before.trust.bundle);
  // While the server has the old root key, it could have put a root of its own beside the new one.
  if (state.trust.rootFingerprint !== root.fingerprint) {
    throw new Refused(`The server shows another root ${state.trust.root.version.toString()} than the one that was made here. Somebody else has changed it, or has its keys. Look at the page Trust.`);
  }
  if (!sameBytes(state.trust.bundle.roster.bytes, change.roster.bytes)) {
    throw new Refused('Somebody else changed the roster meanwhile. Nothing of yours was done; look at it, and try again.');
  }
  return state;
}

/** An answer that got lost on the way is asked for again: whether the change was taken shows in what the server has then. */
async function post(change: TrustChange) {
  try {
    return await postTrust(writeChange(change));
  } catch (error) {
    if (!(error instanceof ProblemError && (error.status === 0 || error.status >= 500))) throw error;
    const answer = await fetchTrust();
    const shown = await takeIn(answer.bytes, answer.serverTime);
    if (shown.kind === 'good' && sameBytes(shown.trust.bundle.roster.bytes, change.roster.bytes)) return answer;
    throw error;
  }
}
