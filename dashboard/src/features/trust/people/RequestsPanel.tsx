import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { deleteKeyRequest, keyRequestsQuery } from '@/api/trust';
import type { KeyRequest } from '@/api/types';
import { signsRosters } from '@/trust/plans/owners';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { BrowserKey } from '@/trust/store/keyStore';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { DataTable } from '@/ui/DataTable';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { ShortFingerprint } from '../Fingerprint';
import css from '../Trust.module.css';
import { AcceptDialog } from './AcceptDialog';

/** Keys that wait for an owner; nothing is shown when none does. */
export function RequestsPanel({ trust, browserKey }: { trust: FleetTrust; browserKey: BrowserKey | null }) {
  const queries = useQueryClient();
  const requests = useQuery(keyRequestsQuery);
  const [accepting, setAccepting] = useState<KeyRequest | null>(null);
  const refuse = useMutation({ mutationFn: deleteKeyRequest, onSettled: () => queries.invalidateQueries({ queryKey: keys.keyRequests }) });
  const waiting = (requests.data ?? []).filter(({ acceptedAt, fingerprint }) => acceptedAt === null && fingerprint !== browserKey?.fingerprint);
  const may = browserKey !== null && signsRosters(trust, browserKey.publicKey);
  if (requests.isError) return <ErrorNotice error={requests.error} retry={() => void requests.refetch()} />;
  if (waiting.length === 0) return null;
  return (
    <Panel title="Keys that ask to be let in" padded={false} aside={<Button size="compact-sm" variant="default" loading={requests.isFetching} onClick={() => void requests.refetch()}>Read again</Button>}>
      {refuse.error ? <ErrorNotice error={refuse.error} /> : null}
      <DataTable
        label="Keys that ask to be let in" rows={waiting}
        columns={[
          { label: 'Who', heads: true, cell: (row) => <strong>{row.account}</strong> },
          { label: 'Fingerprint', cell: (row) => <ShortFingerprint value={row.fingerprint} /> },
          { label: 'Asks to be', cell: (row) => row.role },
          { label: 'Asked', cell: (row) => <Time value={row.createdAt} /> },
          {
            label: '', cell: (row) => (
              <div className={css['end']}>
                <ConfirmButton label="Refuse" confirm="Really refuse" pending={refuse.isPending && refuse.variables === row.id} onConfirm={() => refuse.mutate(row.id)} />
                {may ? <Button size="compact-sm" onClick={() => setAccepting(row)}>Look at it</Button> : <span className="quiet small">an owner’s key lets it in</span>}
              </div>
            ),
          },
        ]}
      />
      {accepting && browserKey ? <AcceptDialog request={accepting} owner={browserKey} onClose={() => setAccepting(null)} /> : null}
    </Panel>
  );
}
