import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { mayActAs } from '@/api/session';
import { askForPlace, deleteKeyRequest, keyRequestsQuery } from '@/api/trust';
import type { KeyRequest, User } from '@/api/types';
import { toBase64Url } from '@/trust/protocol/bytes';
import type { BrowserKey } from '@/trust/store/keyStore';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { Fingerprint } from '../Fingerprint';
import css from '../Trust.module.css';
import { ForgetKey } from './ForgetKey';
import { PublicKeyText } from './PublicKeyText';
import { Replace } from './Replace';

const roles = [{ value: 'operator', label: 'Operator' }, { value: 'owner', label: 'Owner' }];

/** A key that the roster does not name: it is good for nothing yet. */
export function AskForPlace({ browserKey, user }: { browserKey: BrowserKey; user: User }) {
  const queries = useQueryClient();
  const requests = useQuery(keyRequestsQuery);
  const [role, setRole] = useState<KeyRequest['role']>('operator');
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: keys.keyRequests }) };
  const ask = useMutation({ mutationFn: () => askForPlace(toBase64Url(browserKey.publicKey.point), role), ...settled });
  const takeBack = useMutation({ mutationFn: deleteKeyRequest, ...settled });
  const waiting = requests.data?.find(({ fingerprint, acceptedAt }) => fingerprint === browserKey.fingerprint && acceptedAt === null);
  if (requests.isPending) return <SkeletonLines lines={2} label="Reading the requests" />;
  if (requests.isError) return <ErrorNotice error={requests.error} retry={() => void requests.refetch()} />;
  const error = ask.error ?? takeBack.error;
  return (
    <div className={css['stack']}>
      {waiting ? (
        <Notice title={`You asked to be let in as ${waiting.role}`}>
          An owner decides, asked <Time value={waiting.createdAt} />. Read this fingerprint to the owner, by telephone or side by side: so it is certain that it is yours.
        </Notice>
      ) : (
        <p>The fleet’s roster does not name your key, so devices do not heed it. Ask an owner to let it in.</p>
      )}
      <Fingerprint value={browserKey.fingerprint} label="Fingerprint of your key" />
      {error ? <ErrorNotice error={error} /> : null}
      <div className={css['row']}>
        {waiting ? (
          <>
            <Button
              size="compact-sm" variant="default" loading={requests.isFetching}
              onClick={() => void Promise.all([requests.refetch(), queries.invalidateQueries({ queryKey: keys.trust, exact: true })])}
            >
              Look whether it was done
            </Button>
            <Button size="compact-sm" variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate(waiting.id)}>Take it back</Button>
          </>
        ) : (
          <>
            <Select aria-label="Ask to be" data={roles} value={role} onChange={(value) => setRole(value === 'owner' ? 'owner' : 'operator')} allowDeselect={false} w={140} />
            <Button loading={ask.isPending} onClick={() => ask.mutate()}>Ask to be let in</Button>
          </>
        )}
        <ForgetKey browserKey={browserKey} />
      </div>
      <PublicKeyText browserKey={browserKey} />
      {mayActAs(user.role, 'owner') ? <Replace browserKey={browserKey} /> : null}
    </div>
  );
}
