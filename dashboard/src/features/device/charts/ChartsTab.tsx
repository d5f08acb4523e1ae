import { SegmentedControl, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { metricNamesQuery } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Device, LiveMetrics, MetricName } from '@/api/types';
import { useLiveEvent } from '@/live/useLive';
import { EmptyState } from '@/ui/EmptyState';
import { PulseIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { useNow } from '@/ui/useNow';
import { useDevice } from '../deviceContext';
import css from './Chart.module.css';
import { ChartCard } from './ChartCard';
import { chartOf, chartsFor } from './definitions';
import { maxPoints } from './useSeries';

/** Seconds. */
const ranges = [
  { value: '300', label: '5 min' },
  { value: '900', label: '15 min' },
  { value: '3600', label: '1 h' },
  { value: '21600', label: '6 h' },
  { value: '86400', label: '24 h' },
  { value: '604800', label: '7 d' },
];

/** A device that has just come would show an empty quarter of an hour. */
function firstRange(device: Device, now: number): number {
  const known = device.enrolledAt === null ? 0 : now - Date.parse(device.enrolledAt);
  return known < 600_000 ? 300 : 900;
}

export function ChartsTab() {
  const device = useDevice();
  const [seconds, setSeconds] = useState(() => firstRange(device, Date.now()));
  const names = useQuery(metricNamesQuery(device.id));
  const queries = useQueryClient();
  useLiveEvent<LiveMetrics>('metrics', (event) => {
    if (event.deviceId !== device.id || names.data === undefined || names.isFetching) return;
    const known = new Set(names.data.map(({ name }) => name));
    if (event.series.some(({ name }) => !known.has(name))) void queries.invalidateQueries({ queryKey: keys.metricNames(device.id) });
  });
  // The window moves on by a pixel at a time.
  const now = useNow(Math.max(1000, seconds * 1000 / maxPoints));
  if (names.isPending) return <SkeletonLines lines={3} height={220} label="Reading what is measured" />;
  if (names.isError) return <ErrorNotice error={names.error} retry={() => void names.refetch()} />;
  if (names.data.length === 0) {
    return (
      <Panel>
        <EmptyState icon={<PulseIcon size={38} />} title="No measurements yet">
          {device.online ? 'The device is connected; its first batch comes within half a minute.' : 'They come as soon as the device connects.'}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <>
      <div className={css['tools']}>
        <SegmentedControl aria-label="Time range" size="sm" data={ranges} value={String(seconds)} onChange={(value) => setSeconds(Number(value))} transitionDuration={0} />
        <span className={css['key']}><span className={css['hatch']} />nothing was measured</span>
      </div>
      <div className={css['grid']}>
        {chartsFor(names.data).map((definition) => <ChartCard key={definition.id} deviceId={device.id} definition={definition} seconds={seconds} now={now} />)}
      </div>
      <AnyMetric deviceId={device.id} names={names.data} seconds={seconds} now={now} />
    </>
  );
}

function AnyMetric({ deviceId, names, seconds, now }: { deviceId: string; names: MetricName[]; seconds: number; now: number }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const metric = names.find((entry) => entry.name === chosen);
  return (
    <Panel title="Any metric">
      <div style={{ display: 'grid', gap: 16 }}>
        <Select
          aria-label="Metric" placeholder={`Choose from ${names.length} metrics`} searchable clearable maxDropdownHeight={320}
          data={names.map(({ name }) => name).sort()} value={chosen} onChange={setChosen} nothingFoundMessage="No metric of that name" style={{ maxWidth: 420 }}
        />
        {metric ? <ChartCard key={metric.name} deviceId={deviceId} definition={chartOf(metric)} seconds={seconds} now={now} /> : null}
      </div>
    </Panel>
  );
}
