import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { readDevice, sendCommand } from '@/api/devices';
import { sessionQuery } from '@/api/session';
import { postSignedCommand } from '@/api/trust';
import type { NewCommand } from '@/api/types';
import { storeCommand } from '@/live/deviceCache';
import { browserKeyQuery, trustQuery } from '@/trust/queries';
import { Refused } from '@/trust/refused';
import { signOrder } from '@/trust/signedCommand';
import { chooseCanceller, chooseSigner } from '@/trust/signer';
import { nextSequence } from '@/trust/store/keyStore';

/**
 * `cancels` is the type of the command that is cancelled: whoever may have that run may cancel it.
 * The list shows the command once the server has stored it, and from then on what the device reports.
 */
export function useSendCommand(deviceId: string) {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  return useMutation({
    mutationFn: async ({ cancels, ...command }: NewCommand & { cancels?: string }) => {
      const state = await queries.query(trustQuery);
      // Nothing can be verified here: the device decides.
      if (state.kind === 'blind') return sendCommand(deviceId, command);
      if (state.kind === 'alarm') throw new Refused('What the server shows does not follow what this browser knows of the fleet. Nothing was sent; look at the page Trust.');
      const key = session ? await queries.query(browserKeyQuery(state.trust.root.fleetId, session.user.id)) : null;
      const signer = cancels === undefined
        ? chooseSigner(state.trust, key, command.type, Date.now())
        : chooseCanceller(state.trust, key, cancels, Date.now());
      if (signer.by === 'nobody') throw new Refused(`${signer.why} ${signer.todo}`);
      if (signer.by === 'server') return sendCommand(deviceId, command);
      const { boot } = await readDevice(deviceId);
      const order = { deviceId, type: command.type, args: command.args ?? {}, boot: boot ?? null };
      // One after the other: a device refuses a number below one that it has seen.
      return navigator.locks.request('messaging-send', async () => {
        const now = Date.now();
        return postSignedCommand(deviceId, await signOrder(signer, state.trust, order, await nextSequence(signer.key, now), now));
      });
    },
    onSuccess: (command) => storeCommand(queries, command, { onlyNew: true }),
  });
}
