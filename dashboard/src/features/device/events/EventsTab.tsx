import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { eventsQuery, gapsQuery } from '@/api/devices';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { severityLevel } from '@/ui/format/severity';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { useDevice } from '../deviceContext';
import { TimeMark } from '../time/TimeMark';
import { gapRecords, gapText } from './gapText';

export function EventsTab() {
  const device = useDevice();
  return (
    <>
      <Events deviceId={device.id} />
      <Gaps deviceId={device.id} count={device.gaps} />
    </>
  );
}

const tones = { trace: 'plain', debug: 'plain', info: 'plain', warn: 'warn', error: 'bad', fatal: 'bad', unspecified: 'plain' } as const;

function Events({ deviceId }: { deviceId: string }) {
  const events = useQuery(eventsQuery(deviceId));
  return (
    <Panel
      title="Events" padded={!events.data?.length}
      aside={<Button size="compact-sm" variant="default" loading={events.isFetching} onClick={() => void events.refetch()}>Read again</Button>}
    >
      {events.isPending ? <SkeletonLines lines={3} /> : null}
      {events.isError ? <ErrorNotice error={events.error} retry={() => void events.refetch()} /> : null}
      {events.data?.length === 0 ? <EmptyState title="No events">The device reports here what happens to itself: starts, reconnects, dropped records.</EmptyState> : null}
      {events.data?.length ? (
        <DataTable
          label="Events" rows={events.data}
          columns={[
            { label: 'Event', heads: true, cell: (event) => <Chip tone={tones[severityLevel(event.severity)]}>{event.name}</Chip> },
            { label: 'Details', wraps: true, cell: (event) => <span className="small">{attributesText(event.attributes)}</span> },
            { label: 'When', cell: (event) => <><TimeMark quality={event.timeQuality} /><Time value={event.time} dated /></> },
          ]}
        />
      ) : null}
    </Panel>
  );
}

/** A device event says how many gaps there are; the list is read again when that changes. */
function Gaps({ deviceId, count }: { deviceId: string; count: number }) {
  const gaps = useQuery(gapsQuery(deviceId, count));
  const rows = gaps.data?.map((gap) => ({ ...gap, id: `${gap.epochId}/${gap.stream}/${gap.fromSeq}` }));
  return (
    <Panel title="Gaps in what was received" padded={!rows?.length}>
      {gaps.isPending ? <SkeletonLines lines={2} /> : null}
      {gaps.isError ? <ErrorNotice error={gaps.error} retry={() => void gaps.refetch()} /> : null}
      {rows?.length === 0 ? <EmptyState title="Nothing is missing">Every record that the device numbered has arrived, or is still waiting on the device.</EmptyState> : null}
      {rows?.length ? (
        <DataTable
          label="Gaps" rows={rows}
          columns={[
            { label: 'Reason', heads: true, cell: (gap) => <><strong>{gap.reason}</strong><div className="quiet small">{gapText(gap.reason)}</div></> },
            { label: 'Stream', cell: (gap) => gap.stream },
            { label: 'Records', cell: (gap) => gapRecords(gap) },
            { label: 'Epoch', cell: (gap) => <code title={gap.epochId}>{gap.epochId.slice(0, 8)}</code> },
            { label: 'Reported', cell: (gap) => <Time value={gap.reportedAt} none="–" dated /> },
          ]}
        />
      ) : null}
    </Panel>
  );
}

function attributesText(attributes: Record<string, string> | null): string {
  return Object.entries(attributes ?? {}).map(([key, value]) => `${key}: ${value}`).join(' · ');
}
