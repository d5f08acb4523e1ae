import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { seriesQuery } from '@/api/devices';
import type { LiveMetrics, MetricKind, MetricSeriesResponse } from '@/api/types';
import { useLiveEvent } from '@/live/useLive';
import { appendPoints, attributesKey, toLine, toRate, type Line } from './lines';

/** Points that are asked for at most, for each series: about one for each pixel of a chart. */
export const maxPoints = 600;

export interface SeriesResult {
  lines: Line[];
  unit: string;
  kind: MetricKind;
  pending: boolean;
  error: Error | null;
  retry: () => void;
}

/** One metric's series over the last `seconds`: read once, then kept up to date by events. Counters come as rates. */
export function useSeries(deviceId: string, name: string, seconds: number): SeriesResult {
  const query = useQuery(seriesQuery(deviceId, name, seconds, maxPoints));
  const [base, setBase] = useState<MetricSeriesResponse | undefined>();
  const [lines, setLines] = useState<Line[]>([]);
  if (query.data !== base) {
    setBase(query.data);
    setLines(query.data?.series.map(toLine) ?? []);
  }
  useLiveEvent<LiveMetrics>('metrics', (event) => {
    if (event.deviceId !== deviceId || query.data === undefined) return;
    const news = event.series.filter((series) => series.name === name);
    if (news.length > 0) setLines((old) => withNews(old, news, Date.now() - seconds * 1000, seconds * 1000 / maxPoints));
  });
  const kind = query.data?.kind ?? 'gauge';
  return {
    lines: kind === 'counter' ? lines.map(toRate) : lines,
    unit: query.data?.unit ?? '',
    kind,
    pending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

function withNews(lines: Line[], news: LiveMetrics['series'], from: number, bucket: number): Line[] {
  const result = new Map(lines.map((line) => [attributesKey(line.attributes), line]));
  for (const { attributes, points } of news) {
    const key = attributesKey(attributes);
    result.set(key, appendPoints(result.get(key) ?? { attributes, times: [], values: [] }, points, from, bucket));
  }
  return [...result.values()];
}
