import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { rejectionsQuery, relayQuery, systemQuery } from '@/api/administration';
import type { StatusDocument } from '@/api/types';
import { FleetRejections } from '@/features/rejections/FleetRejections';
import { DataTable } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { otherCounters, relayRefusals } from './relayRefusals';
import { statusRows } from './statusRows';

export function SystemPage() {
  const system = useQuery(systemQuery);
  const relay = useQuery(relayQuery);
  const rejections = useQuery(rejectionsQuery);
  const again = () => {
    void system.refetch();
    void relay.refetch();
    void rejections.refetch();
  };
  const read = Math.min(system.dataUpdatedAt, relay.dataUpdatedAt);
  return (
    <Page
      title="System" lead="The fleet server and its relay. The relay carries sealed records only; it cannot read them."
      actions={(
        <>
          {read > 0 ? <span className="quiet small">Read <Time value={new Date(read).toISOString()} /></span> : null}
          <Button variant="default" loading={system.isFetching || relay.isFetching} onClick={again}>Read again</Button>
        </>
      )}
    >
      <FleetRejections />
      <Status title="Fleet server" query={system}>
        {({ ingest, ...server }) => (
          <>
            <Panel title="Fleet server" padded={false}><Facts rows={statusRows(server)} /></Panel>
            <Panel title="Records, since the server started" padded={false}><Facts rows={statusRows(section(ingest))} /></Panel>
          </>
        )}
      </Status>
      <Status title="Relay" query={relay}>
        {({ counters, ...link }) => (
          <>
            <Panel title="Relay" padded={false}><Facts rows={statusRows({ ...link, ...otherCounters(section(counters)) })} /></Panel>
            <Refusals counters={section(counters)} />
          </>
        )}
      </Status>
    </Page>
  );
}

function section(value: unknown): StatusDocument {
  return typeof value === 'object' && value !== null ? value as StatusDocument : {};
}

function Status({ title, query, children }: { title: string; query: UseQueryResult<StatusDocument>; children: (document: StatusDocument) => ReactNode }) {
  if (query.data) return children(query.data);
  return (
    <Panel title={title}>
      {query.isError ? <ErrorNotice error={query.error} retry={() => void query.refetch()} /> : <SkeletonLines lines={5} height={22} />}
    </Panel>
  );
}

function Refusals({ counters }: { counters: StatusDocument }) {
  const refusals = relayRefusals(counters);
  if (refusals.length === 0) return <Notice tone="good" title="The relay refused nothing since it started" />;
  return (
    <Panel title="Refused or cut off by the relay, since it started" padded={false}>
      <DataTable
        label="Refusals of the relay" rows={refusals}
        columns={[
          { label: 'What', heads: true, cell: (row) => <><strong>{row.name}</strong><div className="quiet small">{row.meaning}</div></> },
          { label: 'Count', cell: (row) => <strong>{row.count.toLocaleString('en-GB')}</strong> },
        ]}
      />
    </Panel>
  );
}
