import { useQuery } from '@tanstack/react-query';
import { systemQuery } from '@/api/administration';
import { useBrowserKey } from '@/features/trust/useTrust';
import { trustQuery } from '@/trust/queries';
import { chooseSigner, type Signer } from '@/trust/signer';
import { isServersOwn } from '@/trust/plans/rosterEdits';
import { useNow } from '@/ui/useNow';

/** What stands over the commands: who signs them, and what is wrong with that. */
export type Signing =
  | { kind: 'pending' }
  | { kind: 'alarm' }
  /** Without a secure connection: the server signs, and devices refuse what it may not. */
  | { kind: 'blind'; owned: boolean }
  | { kind: 'ready'; owned: boolean; signerOf: (type: string) => Signer };

export function useSigning(): Signing {
  const now = useNow(30_000);
  const trust = useQuery(trustQuery);
  const good = trust.data?.kind === 'good' ? trust.data.trust : undefined;
  const key = useBrowserKey(good?.root.fleetId);
  const system = useQuery({ ...systemQuery, enabled: trust.data?.kind === 'blind' });
  if (trust.data?.kind === 'alarm') return { kind: 'alarm' };
  if (trust.data?.kind === 'blind') return { kind: 'blind', owned: system.data?.['holdsRoot'] === false };
  if (!good || key.data === undefined) return { kind: 'pending' };
  const known = key.data;
  return { kind: 'ready', owned: !isServersOwn(good), signerOf: (type) => chooseSigner(good, known, type, now) };
}

/** Types that a server may sign when owners have written no rules. */
const serverTypes = new Set(['ping', 'collect', 'set-intervals', 'desired-set']);

/** Why a command of this type is not sent from here; null when it can be. */
export function obstacleTo(signing: Signing, type: string): string | null {
  switch (signing.kind) {
    case 'alarm': return 'Not while the server shows another fleet.';
    case 'blind': return signing.owned && !serverTypes.has(type) ? 'Only for keys of people.' : null;
    case 'pending': return null;
    case 'ready': {
      const signer = signing.signerOf(type);
      return signer.by === 'nobody' ? signer.why : null;
    }
  }
}

/** What to do so that the commands that are kept back can be sent; null when none is. */
export function remedyFor(signing: Signing, types: readonly string[]): string | null {
  if (signing.kind === 'alarm') return 'The server shows a fleet that does not follow the one that this browser knows. Nothing is sent until that is clear.';
  const blocked = types.find((type) => obstacleTo(signing, type) !== null);
  if (blocked === undefined) return null;
  if (signing.kind === 'blind') return 'A browser signs only on pages over HTTPS. Open the dashboard by its https:// address, or use fleetctl.';
  const signer = signing.kind === 'ready' ? signing.signerOf(blocked) : null;
  return signer?.by === 'nobody' ? signer.todo : null;
}

/** What should be known before it is sent; null for nothing. */
export function noteOn(signing: Signing, type: string): string | null {
  const signer = signing.kind === 'ready' ? signing.signerOf(type) : null;
  return signer === null || signer.by === 'nobody' ? null : signer.note;
}
