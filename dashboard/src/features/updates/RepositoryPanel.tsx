import { useQuery } from '@tanstack/react-query';
import { componentCountsQuery, releasesQuery, repositoryQuery } from '@/api/updates';
import type { Release } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { useNow } from '@/ui/useNow';
import { AssignToAll } from './AssignToAll';
import { bytesText, targetsEnd } from './updateText';
import css from './Updates.module.css';

/** What can be installed, and whose signatures stand under it. */
export function RepositoryPanel({ mayAssign }: { mayAssign: boolean }) {
  const repository = useQuery(repositoryQuery);
  const releases = useQuery(releasesQuery);
  const counts = useQuery(componentCountsQuery);
  const installed = (release: Release) => counts.data?.find((one) => one.name === release.name && one.version === release.version && one.counter === release.counter)?.devices ?? 0;
  const now = useNow();
  return (
    <Panel title="Releases" padded={false} aside={repository.data?.targets ? <span className="quiet small">{targetsEnd(repository.data.targets.expires, now)} <Time value={repository.data.targets.expires} now={now} /></span> : null}>
      <div className={css['body']}>
        {repository.isError ? <ErrorNotice error={repository.error} retry={() => void repository.refetch()} /> : null}
        {releases.isError ? <ErrorNotice error={releases.error} retry={() => void releases.refetch()} /> : null}
        {repository.data?.warnings.map((one) => <Notice key={one.code} tone="warn" title="The repository needs somebody">{one.text}</Notice>)}
        {releases.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={3} height={40} label="Reading the releases" /></div> : null}
        {releases.data?.length === 0 ? (
          <EmptyState title={repository.data?.state === 'none' ? 'There is no repository yet' : 'There is no release yet'}>
            {repository.data?.state === 'none' ? <>An owner begins one with <code>fleetctl artifact init</code>.</> : <>Add one with <code>fleetctl artifact add</code>, then sign and publish it here, or with <code>fleetctl</code>.</>}
          </EmptyState>
        ) : null}
        {releases.data && releases.data.length > 0 ? (
          <DataTable
            label="Releases" rows={releases.data.map((release) => ({ ...release, id: release.target }))}
            columns={[
              { label: 'Release', heads: true, wraps: true, cell: (row) => <span title={row.target}><strong>{row.name}</strong> {row.version}{row.encrypted ? <> <Chip title="Its key goes with each assignment">Encrypted</Chip></> : null}</span> },
              { label: 'Kind', cell: (row) => row.kind },
              { label: 'Hardware', wraps: true, cell: (row) => (row.hardware.length === 0 ? 'any' : row.hardware.join(', ')) },
              { label: 'Size', cell: (row) => `${bytesText(row.size)}${row.deltas.length > 0 ? `, ${row.deltas.length} ${row.deltas.length === 1 ? 'delta' : 'deltas'}` : ''}` },
              { label: 'Devices that have it', cell: (row) => installed(row).toLocaleString('en-GB') },
              { label: '', cell: (row) => (mayAssign ? <AssignToAll target={row.target} label="Assign to all…" /> : null) },
            ]}
          />
        ) : null}
      </div>
    </Panel>
  );
}
