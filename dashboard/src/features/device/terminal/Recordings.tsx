import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { recordingContentUrl, recordingsQuery } from '@/api/devices';
import type { Recording } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { DataTable } from '@/ui/DataTable';
import { formatBytes, formatDuration } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { recordingState } from './recordingText';

/** Not shown where there are none: most fleets record nothing. */
export function Recordings({ deviceId, mayDownload }: { deviceId: string; mayDownload: boolean }) {
  const recordings = useInfiniteQuery(recordingsQuery(deviceId));
  const rows = recordings.data?.pages.flatMap((page) => page.items) ?? [];
  if (recordings.isError) return <Panel title="Recorded shells"><ErrorNotice error={recordings.error} retry={() => void recordings.refetch()} /></Panel>;
  if (rows.length === 0) return null;
  return (
    <Panel title="Recorded shells" padded={false}>
      <DataTable
        label="Recorded shells" rows={rows}
        columns={[
          { label: 'Who', heads: true, wraps: true, cell: (one) => one.actor ?? 'not known any more' },
          { label: 'When', cell: (one) => <Time value={one.startedAt} dated /> },
          { label: 'How long', cell: (one) => (one.lastedMs === null ? 'not known' : formatDuration(one.lastedMs / 1000)) },
          { label: 'Size', cell: (one) => formatBytes(one.size) },
          { label: 'State', wraps: true, cell: (one) => <State recording={one} /> },
          { label: '', cell: (one) => (mayDownload && one.state === 'complete' ? <Download recording={one} /> : null) },
        ]}
      />
      {recordings.hasNextPage ? <Button variant="default" loading={recordings.isFetchingNextPage} onClick={() => void recordings.fetchNextPage()}>Show older ones</Button> : null}
    </Panel>
  );
}

function State({ recording }: { recording: Recording }) {
  const { tone, label, detail } = recordingState(recording);
  return (
    <>
      <Chip tone={tone}>{label}</Chip>
      {detail ? <div className="quiet small">{detail}</div> : null}
    </>
  );
}

function Download({ recording }: { recording: Recording }) {
  return (
    <Button
      component="a" size="compact-sm" variant="default" href={recordingContentUrl(recording)} download
      title="Sealed: whoever has the key opens it with fleetctl recordings get FILE --key KEY" aria-label={`Download the recording of ${recording.startedAt}, sealed`}
    >
      Download
    </Button>
  );
}
