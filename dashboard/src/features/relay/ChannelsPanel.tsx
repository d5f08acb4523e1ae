import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { relayChannelsQuery } from '@/api/relay';
import type { ChannelsActivity, ChannelSort, RelayChannel } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { formatBytes } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { ListFilters } from './ListFilters';
import { firstRows, ListFoot, mostRows } from './ListFoot';
import { countText, rateText } from './Numbers';
import css from './Relay.module.css';

const sorts: { value: ChannelSort; label: string }[] = [
  { value: 'rate', label: 'Busiest first' },
  { value: 'size', label: 'Largest first' },
  { value: 'followers', label: 'Most followed first' },
  { value: 'latest', label: 'Used last first' },
];

/** Which channels there are, and how busy they are; the relay knows nothing more of them. For operators. */
export function ChannelsPanel({ channels, isFirst }: { channels: ChannelsActivity; isFirst: boolean }) {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<ChannelSort>('rate');
  const [limit, setLimit] = useState(firstRows);
  const list = useQuery({ ...relayChannelsQuery({ search, sort, limit }), enabled: channels.count > 0 || search !== '' });
  const rows = list.data?.items ?? [];
  if (channels.count === 0 && search === '') {
    return (
      <Panel title="All channels" padded={false}>
        <EmptyState title="No channels">
          A channel is a log of sealed records that any number of programs share. Whoever reaches this server makes one, over HTTP or MQTT:
          the reference of channels (docs/reference/channels.md) has it in a few lines of shell.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title="All channels" padded={false}>
      <ListFilters
        label="Search channels" placeholder="A part of its id" isFirst={isFirst} sorts={sorts} sort={sort}
        onSearch={(text) => { setSearch(text); setLimit(firstRows); }} onSort={setSort}
      />
      {list.isError ? <ErrorNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={4} height={40} label="Reading the channels" /></div> : null}
      {list.isSuccess && rows.length === 0 ? <EmptyState title="None fits">No channel has “{search}” in its id.</EmptyState> : null}
      {rows.length > 0 ? (
        <DataTable<RelayChannel>
          label="Channels" rows={rows}
          columns={[
            { label: 'Channel', heads: true, wraps: true, cell: (row) => <div className={css['what']}><span className={css['id']}>{row.id}</span>{row.kind === 'legacy' ? <Chip tone="warn" title="Its agents use the legacy profile, whose encryption is weak">legacy</Chip> : null}</div> },
            { label: 'Records', cell: (row) => <><span className={css['figure']}>{rateText(row.recordsPerSecond)}</span><div className="quiet small">{countText(row.records)} kept</div></> },
            { label: 'Size', cell: (row) => <span className={css['figure']}>{formatBytes(row.bytes)}</span> },
            { label: 'Followers', cell: (row) => <span className={css['figure']}>{countText(row.followers)}</span> },
            { label: 'Members', cell: (row) => <span className={css['figure']}>{countText(row.members)}</span> },
            { label: 'Used', cell: (row) => <Time value={row.usedAt} /> },
          ]}
        />
      ) : null}
      {list.data ? <ListFoot shown={rows.length} total={list.data.total} limit={limit} onMore={() => setLimit(mostRows)} /> : null}
    </Panel>
  );
}
