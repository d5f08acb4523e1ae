import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { relayQuery, systemQuery } from '@/api/administration';
import type { StatusDocument } from '@/api/types';
import { Facts } from '@/ui/Facts';
import { ErrorNotice } from '@/ui/Notice';
import { Page, Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { statusRows } from './statusRows';

export function SystemPage() {
  const system = useQuery(systemQuery);
  const relay = useQuery(relayQuery);
  const again = () => {
    void system.refetch();
    void relay.refetch();
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
      <Status title="Fleet server" query={system} />
      <Status title="Relay" query={relay} />
    </Page>
  );
}

function Status({ title, query }: { title: string; query: UseQueryResult<StatusDocument> }) {
  return (
    <Panel title={title} padded={!query.data}>
      {query.isPending ? <SkeletonLines lines={5} height={22} /> : null}
      {query.isError ? <ErrorNotice error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data ? <Facts rows={statusRows(query.data)} /> : null}
    </Panel>
  );
}
