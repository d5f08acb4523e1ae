import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { postProposal, postSignedSet, sendToMany } from '@/api/commands';
import { keys } from '@/api/keys';
import { sessionQuery } from '@/api/session';
import type { Device, NewCommand } from '@/api/types';
import { browserKeyQuery, trustQuery } from '@/trust/queries';
import { Refused } from '@/trust/refused';
import { signSetOrder } from '@/trust/signedCommand';
import { chooseSigner } from '@/trust/signer';
import { nextSequence } from '@/trust/store/keyStore';

/** What became of it: on its way, or waiting for others to sign. */
export type Sent = { kind: 'sent'; id: string } | { kind: 'proposed'; id: string };

/** One signature for all of them: by this browser's key where the roster lets it, else by the server where the policy lets that. */
export function useSendToMany() {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  return useMutation({
    mutationFn: async ({ devices, command }: { devices: readonly Device[]; command: NewCommand }): Promise<Sent> => {
      const ids = devices.map(({ id }) => id);
      const state = await queries.query(trustQuery);
      if (state.kind === 'blind') return { kind: 'sent', id: (await sendToMany(ids, command)).id };
      if (state.kind === 'alarm') throw new Refused('What the server shows does not follow what this browser knows of the fleet. Nothing was sent; look at the page Trust.');
      const key = session ? await queries.query(browserKeyQuery(state.trust.root.fleetId, session.user.id)) : null;
      const signer = chooseSigner(state.trust, key, command.type, Date.now());
      if (signer.by === 'nobody') throw new Refused(`${signer.why} ${signer.todo}`);
      if (signer.by === 'server') return { kind: 'sent', id: (await sendToMany(ids, command)).id };
      const order = {
        type: command.type, args: command.args ?? {}, dryRun: command.dryRun ?? false,
        devices: devices.map(({ id, boot }) => ({ id, boot: boot ?? null })),
      };
      return navigator.locks.request('messaging-send', async (): Promise<Sent> => {
        const now = Date.now();
        const signed = await signSetOrder(signer, state.trust, order, await nextSequence(signer.key, now), now);
        return signer.needed > 1
          ? { kind: 'proposed', id: (await postProposal(signed)).id }
          : { kind: 'sent', id: (await postSignedSet(signed)).id };
      });
    },
    onSuccess: () => Promise.all([
      queries.invalidateQueries({ queryKey: keys.commandSets }),
      queries.invalidateQueries({ queryKey: keys.proposals }),
    ]),
  });
}
