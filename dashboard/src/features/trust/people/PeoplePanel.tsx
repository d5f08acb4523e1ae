import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { keyRequestsQuery } from '@/api/trust';
import { mayActAs, sessionQuery } from '@/api/session';
import { signsRosters } from '@/trust/plans/owners';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { useNow } from '@/ui/useNow';
import { ShortFingerprint } from '../Fingerprint';
import { type KeyRow, keyRows, nameOf } from '../keyRows';
import css from '../Trust.module.css';
import { RemoveDialog } from './RemoveDialog';

/** A time key signs nothing but the time, which devices need. */
const commands = (row: KeyRow) => row.principal !== null && !row.principal.roles.includes('time');

/** Every key that the fleet knows: whose it is, what it may, until when. */
export function PeoplePanel({ trust, browserKey }: { trust: FleetTrust; browserKey: BrowserKey | null }) {
  const { data: session } = useQuery(sessionQuery);
  const requests = useQuery({ ...keyRequestsQuery, enabled: mayActAs(session?.user.role, 'operator') });
  const rows = useQuery({
    queryKey: [...keys.trust, 'rows', trust.rootFingerprint, trust.roster.version.toString()],
    queryFn: () => keyRows(trust),
    staleTime: Infinity,
    structuralSharing: false,
  });
  const [removing, setRemoving] = useState<KeyRow | null>(null);
  const may = browserKey !== null && signsRosters(trust, browserKey.publicKey);
  const named = (row: KeyRow) => nameOf(row, requests.data ?? [], browserKey?.fingerprint ?? null);
  return (
    <Panel title="Keys that devices know" padded={!rows.data}>
      {rows.isPending ? <SkeletonLines lines={3} label="Reading the keys" /> : null}
      {rows.isError ? <ErrorNotice error={rows.error} /> : null}
      {rows.data ? (
        <DataTable
          label="Keys that devices know" rows={rows.data}
          columns={[
            { label: 'Whose', heads: true, cell: (row) => <><strong>{named(row).name}</strong><div className="quiet small">{named(row).hint}</div></> },
            { label: 'Fingerprint', cell: (row) => <><ShortFingerprint value={row.id} />{commands(row) ? <div className={`${css['once'] ?? ''} quiet small`}>signs as <code title={row.principal?.id}>{row.principal?.id.slice(0, 8)}</code></div> : null}</> },
            { label: 'May', cell: (row) => <Powers row={row} /> },
            { label: 'Until', cell: (row) => <End row={row} /> },
            {
              label: '', cell: (row) => (may && commands(row) && !row.isServer && row.id !== browserKey.fingerprint
                ? <Button size="compact-sm" variant="default" aria-label={`Remove ${named(row).name}`} onClick={() => setRemoving(row)}>Remove</Button>
                : null),
            },
          ]}
        />
      ) : null}
      {removing?.principal && browserKey ? (
        <RemoveDialog principal={removing.principal} name={named(removing).name} signsRosters={removing.signsRosters} owner={browserKey} onClose={() => setRemoving(null)} />
      ) : null}
    </Panel>
  );
}

function Powers({ row }: { row: KeyRow }) {
  return (
    <div className={css['chips']}>
      {row.signsRoots ? <Chip tone="accent" title="Signs the fleet’s roots: says who its owners are">change owners</Chip> : null}
      {row.signsRosters ? <Chip tone="accent" title="Signs rosters: says whose commands devices heed">let people in</Chip> : null}
      {row.principal?.roles.map((role) => <Chip key={role} title={`The role ${role} in the roster`}>{role}</Chip>)}
      {row.principal?.roles.length === 0 ? <Chip>nothing</Chip> : null}
    </div>
  );
}

function End({ row }: { row: KeyRow }) {
  const now = useNow();
  const end = row.principal?.notAfter ?? null;
  if (end === null) return <span className={`${css['once'] ?? ''} quiet`}>no end</span>;
  return <>{new Date(end).toLocaleDateString()}{end < now ? <> <Chip tone="warn">over</Chip></> : null}</>;
}
