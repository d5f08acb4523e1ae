import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deviceListQuery } from '@/api/devices';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { ApprovalButtons } from './ApprovalButtons';

export function PendingDevices() {
  const list = useInfiniteQuery(deviceListQuery({ status: 'pending' }));
  // An event may have changed a device's status while it still stands in this list.
  const devices = list.data?.pages.flatMap((page) => page.items).filter(({ status }) => status === 'pending') ?? [];
  return (
    <Panel title="Waiting for approval" padded={devices.length === 0}>
      {list.isPending ? <SkeletonLines lines={2} /> : null}
      {list.isError ? <ErrorNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isSuccess && devices.length === 0 ? <EmptyState title="Nobody waits">Devices whose token asks for approval wait here.</EmptyState> : null}
      {devices.length > 0 ? (
        <DataTable
          label="Devices waiting for approval" rows={devices}
          columns={[
            { label: 'Device', heads: true, cell: (device) => <><Link to="/devices/$deviceId" params={{ deviceId: device.id }}>{device.name}</Link><div className="quiet small"><code>{device.id}</code></div></> },
            { label: 'Host', cell: (device) => device.hostname ?? '–' },
            { label: 'Tags', cell: (device) => device.tags.join(', ') || '–' },
            { label: 'Since', cell: (device) => <Time value={device.createdAt} /> },
            { label: '', cell: (device) => <ApprovalButtons device={device} /> },
          ]}
        />
      ) : null}
    </Panel>
  );
}
