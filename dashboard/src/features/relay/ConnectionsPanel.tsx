import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/api/keys';
import { cutConnection, mqttConnectionsQuery } from '@/api/relay';
import type { MqttActivity, MqttConnection, MqttConnectionSort } from '@/api/types';
import { ConfirmButton } from '@/ui/ConfirmButton';
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

const sorts: { value: MqttConnectionSort; label: string }[] = [
  { value: 'waiting', label: 'Most waiting first' },
  { value: 'rate', label: 'Busiest first' },
  { value: 'dropped', label: 'Most dropped first' },
  { value: 'newest', label: 'Newest first' },
];

/** Who of the MQTT users is connected, and how it goes for them. For operators. */
export function ConnectionsPanel({ mqtt }: { mqtt: MqttActivity }) {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<MqttConnectionSort>('waiting');
  const [limit, setLimit] = useState(firstRows);
  const list = useQuery({ ...mqttConnectionsQuery({ search, sort, limit }), enabled: mqtt.connections > 0 || search !== '' });
  const rows = list.data?.items ?? [];
  const isEmpty = mqtt.connections === 0 && search === '';
  return (
    <Panel title="Connections of MQTT users" padded={false}>
      {isEmpty ? <NoConnections users={mqtt.users} /> : (
        <>
          <ListFilters
            label="Search connections" placeholder="User, client id or address  ( / )" isFirst sorts={sorts} sort={sort}
            onSearch={(text) => { setSearch(text); setLimit(firstRows); }} onSort={setSort}
          />
          {list.isError ? <ErrorNotice error={list.error} retry={() => void list.refetch()} /> : null}
          {list.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={4} height={40} label="Reading the connections" /></div> : null}
          {list.isSuccess && rows.length === 0 ? <EmptyState title="Nobody fits">No connection has “{search}” in its user, client id or address.</EmptyState> : null}
          {rows.length > 0 ? <ConnectionTable rows={rows} /> : null}
          {list.data ? <ListFoot shown={rows.length} total={list.data.total} limit={limit} onMore={() => setLimit(mostRows)} /> : null}
        </>
      )}
    </Panel>
  );
}

function NoConnections({ users }: { users: number }) {
  return users === 0 ? (
    <EmptyState title="No MQTT users">
      Programs beside the fleet may use the relay as an MQTT broker, each with a name, a password and its topics. On the server, make one:
      <code className={css['command']}>fleet-server mqtt-user add NAME --data DIR --topic 'home/#'</code>
    </EmptyState>
  ) : (
    <EmptyState title="Nobody is connected">
      {users === 1 ? 'One user may come' : `${countText(users)} users may come`} with a name and a password to the MQTT port. If one should be here: the table above says whether it was refused.
    </EmptyState>
  );
}

function ConnectionTable({ rows }: { rows: MqttConnection[] }) {
  const queries = useQueryClient();
  const cut = useMutation({ mutationFn: cutConnection, onSettled: () => queries.invalidateQueries({ queryKey: keys.mqttConnectionLists }) });
  return (
    <>
      {cut.isError ? <ErrorNotice error={cut.error} /> : null}
      <DataTable<MqttConnection>
        label="Connections" rows={rows}
        columns={[
          { label: 'Who', heads: true, wraps: true, cell: (row) => <><strong>{row.user ?? 'anybody'}</strong><div className="quiet small">{row.clientId}</div></> },
          { label: 'From', cell: (row) => <><span className={css['figure']}>{row.address ?? '–'}</span><div className="quiet small">{row.transport}</div></> },
          { label: 'Since', cell: (row) => <Time value={row.since} /> },
          { label: 'Published', cell: (row) => <span className={css['figure']}>{rateText(row.receivedPerSecond)}</span> },
          { label: 'Delivered', cell: (row) => <span className={css['figure']}>{rateText(row.sentPerSecond)}</span> },
          { label: 'Waiting', cell: (row) => <Waiting row={row} /> },
          { label: 'Dropped', cell: (row) => <span className={css['figure']}>{row.dropped > 0 ? <strong>{countText(row.dropped)}</strong> : '–'}</span> },
          { label: '', cell: (row) => <ConfirmButton label="Cut" confirm="Cut it off" pending={cut.isPending && cut.variables === row.id} onConfirm={() => cut.mutate(row.id)} /> },
        ]}
      />
      <div className={`${css['more'] ?? ''} quiet small`}>
        Whoever is cut off may come again at once. To keep a user out: fleet-server mqtt-user set NAME --new-password, or remove it.
      </div>
    </>
  );
}

function Waiting({ row }: { row: MqttConnection }) {
  const parts = [
    row.waitingMessages > 0 ? `${countText(row.waitingMessages)} queued` : '',
    row.inFlightMessages > 0 ? `${countText(row.inFlightMessages)} in flight` : '',
  ].filter(Boolean);
  return <><span className={css['figure']}>{row.waitingBytes > 0 ? formatBytes(row.waitingBytes) : '–'}</span>{parts.length > 0 ? <div className="quiet small">{parts.join(', ')}</div> : null}</>;
}
