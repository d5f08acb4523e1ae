import { queryOptions } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { fetchTrust } from '@/api/trust';
import { judge, type Judgement } from './judge';
import { loadKey } from './store/keyStore';
import { type FleetMemory, loadMemory, remember } from './store/fleetMemory';
import { canSign } from './support';

/** What follows what this browser knows. */
export type GoodTrust = Judgement & { kind: 'good'; memory: FleetMemory; serverTime: number | null };

/** What this browser makes of what the server shows. */
export type TrustState =
  | GoodTrust
  | (Judgement & { kind: 'alarm'; memory: FleetMemory | null })
  /** No secure context: nothing can be verified here. */
  | { kind: 'blind' };

/** One tab at a time, so that none puts an older state over a newer one. */
const alone = <T>(work: () => Promise<T>) => navigator.locks.request('messaging-trust', work);

/** Holds an answer of the server against what is remembered, and remembers what is new. */
export const takeIn = (bytes: Uint8Array<ArrayBuffer>, serverTime: number | null) => alone(async (): Promise<TrustState> => {
  const memory = await loadMemory();
  const judgement = await judge(bytes, memory);
  if (judgement.kind === 'alarm') return { ...judgement, memory };
  const kept = judgement.news || memory === null ? await remember(judgement.trust, Date.now()) : memory;
  return { ...judgement, memory: kept, serverTime };
});

export const trustQuery = queryOptions({
  queryKey: keys.trust,
  queryFn: async (): Promise<TrustState> => {
    if (!canSign()) return { kind: 'blind' };
    const { bytes, serverTime } = await fetchTrust();
    return takeIn(bytes, serverTime);
  },
  staleTime: 30_000,
  // What is verified is kept as it is.
  structuralSharing: false,
});

/** null when the account has no key here. */
export const browserKeyQuery = (fleetId: string, accountId: string) => queryOptions({
  queryKey: keys.browserKey(fleetId, accountId),
  queryFn: () => loadKey(fleetId, accountId),
  staleTime: Infinity,
  // Structural sharing would take a CryptoKey apart.
  structuralSharing: false,
});
