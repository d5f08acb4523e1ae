import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { sessionQuery } from '@/api/session';
import type { TrustChange } from '@/trust/protocol/bundle';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { Clock } from '@/trust/plans/signingTime';
import { browserKeyQuery, type GoodTrust, trustQuery } from '@/trust/queries';
import { Refused } from '@/trust/refused';
import { submit } from '@/trust/submit';

/** The key of who is signed in, in this browser; undefined while it is not known whether there is one. */
export function useBrowserKey(fleetId: string | undefined) {
  const { data: session } = useQuery(sessionQuery);
  const accountId = session?.user.id;
  return useQuery({ ...browserKeyQuery(fleetId ?? '', accountId ?? ''), enabled: fleetId !== undefined && accountId !== undefined });
}

export type Plan = (trust: FleetTrust, clock: Clock) => Promise<TrustChange>;

/** Signs a change of whom devices trust, beginning with the newest that there is, and hands it to the server. */
export function useTrustChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (plan: Plan): Promise<GoodTrust> => {
      const before = await queries.query({ ...trustQuery, staleTime: 0 });
      if (before.kind !== 'good') throw new Refused('What the server shows does not follow what this browser knows of the fleet. Nothing was signed.');
      return submit(before, await plan(before.trust, { now: Date.now(), server: before.serverTime }));
    },
    onSuccess: async (after) => {
      queries.setQueryData(keys.trust, after);
      await Promise.all([queries.invalidateQueries({ queryKey: keys.keyRequests }), queries.invalidateQueries({ queryKey: keys.system })]);
    },
  });
}
