import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { rejectionsQuery } from '@/api/administration';
import { keys } from '@/api/keys';
import type { Device, RejectionTotal } from '@/api/types';
import { useLiveEvent } from '@/live/useLive';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { hasNews } from './hasNews';
import { RejectionNotice } from './RejectionNotice';
import { RejectionTable } from './RejectionTable';

/** What was rejected in the whole fleet, by reason. */
export function FleetRejections() {
  const totals = useQuery(rejectionsQuery);
  const queries = useQueryClient();
  useLiveEvent<Device>('device', (device) => {
    if (totals.data !== undefined && hasNews(totals.data, device.rejections)) void queries.invalidateQueries({ queryKey: keys.rejections });
  });
  if (totals.isPending) return <Panel title="Rejected records"><SkeletonLines lines={2} /></Panel>;
  if (totals.isError) return <Panel title="Rejected records"><ErrorNotice error={totals.error} retry={() => void totals.refetch()} /></Panel>;
  return (
    <>
      <RejectionNotice entries={totals.data} />
      {totals.data.length > 0 ? (
        <Panel title="Rejected records" padded={false}><RejectionTable entries={totals.data} where={(entry) => <Where entry={entry} />} /></Panel>
      ) : null}
    </>
  );
}

function Where({ entry }: { entry: RejectionTotal }) {
  const name = entry.lastDeviceName ?? `${entry.lastDeviceId.slice(0, 8)}…`;
  return (
    <>
      {entry.devices === 1 ? null : <div>{entry.devices.toLocaleString('en-GB')}, last</div>}
      <Link to="/devices/$deviceId/security" params={{ deviceId: entry.lastDeviceId }}>{name}</Link>
    </>
  );
}
