import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { shortDate } from '@/ui/format/time';
import { Notice } from '@/ui/Notice';
import { TypedConfirmation } from '@/ui/TypedConfirmation';
import { forgetMemory } from '@/trust/store/fleetMemory';
import type { TrustState } from '@/trust/queries';
import { alarmText } from './alarmText';

/** What the server shows is not what this browser knows. Nothing of it is taken, and nothing is signed. */
export function AlarmNotice({ state }: { state: TrustState & { kind: 'alarm' } }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const begin = useMutation({
    mutationFn: forgetMemory,
    onSuccess: async () => {
      setAsking(false);
      await queries.resetQueries({ queryKey: keys.trust });
    },
  });
  const { title, text } = alarmText(state.verdict, state.otherFleet);
  return (
    <>
      <Notice
        tone="bad" title={title}
        action={state.known && state.otherFleet ? <Button size="xs" variant="default" onClick={() => setAsking(true)}>Begin anew</Button> : null}
      >
        <div>{text}</div>
        {state.known && state.memory ? (
          <div className="small">
            This browser knows, since {shortDate(state.memory.since)}, the fleet whose newest root is {state.known.root.version.toString()}, with the fingerprint{' '}
            <code>{state.known.rootFingerprint}</code>.
          </div>
        ) : null}
      </Notice>
      {asking ? (
        <TypedConfirmation
          title="Begin anew with what the server shows" word="another fleet" action="Begin anew" pending={begin.isPending} error={begin.error}
          onConfirm={() => begin.mutate()} onClose={() => setAsking(false)}
        >
          Do this only if you know why there is another fleet at this address: because the server was set up again, for example. This browser then
          believes what it is shown next. Your key for the fleet of before stays here, and is used for that fleet only.
        </TypedConfirmation>
      ) : null}
    </>
  );
}
