import { useState } from 'react';
import type { Attributes } from '@/api/types';
import { formatValue } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Skeleton } from '@/ui/Skeleton';
import css from './Chart.module.css';
import { seriesColours } from './chartOptions';
import type { ChartDefinition, ChartSource } from './definitions';
import { attributesKey, latestValue, type Line } from './lines';
import { TimeChart } from './TimeChart';
import { useSeries, type SeriesResult } from './useSeries';

interface Props {
  deviceId: string;
  definition: ChartDefinition;
  seconds: number;
  now: number;
}

interface Drawn {
  key: string;
  label: string;
  line: Line;
}

const most = seriesColours.length;

function drawnOf(source: ChartSource, lines: readonly Line[]): Drawn[] {
  const matches = (attributes: Attributes) => source.where(attributes);
  return lines.filter((line) => matches(line.attributes))
    .map((line) => ({ key: `${source.name}|${attributesKey(line.attributes)}`, label: source.label(line.attributes), line }));
}

/** A chart draws at most three metrics, so the hooks below can be called in a fixed order. */
export function ChartCard({ deviceId, definition, seconds, now }: Props) {
  const [first, second, third] = definition.sources;
  if (first === undefined) return null;
  if (second === undefined) return <OneSource deviceId={deviceId} definition={definition} source={first} seconds={seconds} now={now} />;
  return <ThreeSources deviceId={deviceId} definition={definition} sources={[first, second, third ?? second]} seconds={seconds} now={now} />;
}

function OneSource({ deviceId, definition, source, seconds, now }: Props & { source: ChartSource }) {
  const result = useSeries(deviceId, source.name, seconds);
  return <Card definition={definition} result={result} drawn={drawnOf(source, result.lines)} seconds={seconds} now={now} />;
}

function ThreeSources({ deviceId, definition, sources, seconds, now }: Props & { sources: [ChartSource, ChartSource, ChartSource] }) {
  const a = useSeries(deviceId, sources[0].name, seconds);
  const b = useSeries(deviceId, sources[1].name, seconds);
  const c = useSeries(deviceId, sources[2].name, seconds);
  const results = sources[2] === sources[1] ? [a, b] : [a, b, c];
  const drawn = results.flatMap((result, i) => drawnOf(sources[i] ?? sources[0], result.lines));
  return <Card definition={definition} result={a} drawn={drawn} seconds={seconds} now={now} />;
}

/** The series with the largest newest values come first; the rest is named, not drawn. */
function choose(drawn: readonly Drawn[]): Drawn[] {
  if (drawn.length <= most) return [...drawn].sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
  return [...drawn].sort((a, b) => (latestValue(b.line) ?? 0) - (latestValue(a.line) ?? 0)).slice(0, most);
}

function Card({ definition, result, drawn, seconds, now }: Omit<Props, 'deviceId'> & { result: SeriesResult; drawn: Drawn[] }) {
  const [cursor, setCursor] = useState<(number | null)[] | null>(null);
  const shown = choose(drawn);
  const name = definition.sources[0]?.name ?? '';
  const format = (value: number) => formatValue(value, result.unit, name, result.kind === 'counter');
  const latest = shown.map(({ line }) => latestValue(line));
  const values = cursor ?? latest;
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format(value));
  const only = shown.length === 1 ? values[0] : undefined;
  return (
    <section className={css['card']} aria-label={definition.title}>
      <div className={css['head']}>
        <h2 className={css['title']}>{definition.title}</h2>
        {shown.length === 1 ? <span className={css['now']} data-metric={name}>{text(only)}</span> : null}
      </div>
      {result.error ? <ErrorNotice error={result.error} retry={result.retry} /> : null}
      {result.pending ? <Skeleton height={170} /> : null}
      {!result.pending && !result.error && shown.length === 0 ? <div className={css['blank']}>Nothing was measured in this time.</div> : null}
      {shown.length > 0 ? (
        <TimeChart
          labels={shown.map(({ label }) => label)} lines={shown.map(({ line }) => line)} from={now - seconds * 1000} to={now}
          range={definition.range} format={format} binary={result.unit === 'By'} onCursor={setCursor}
          summary={`${definition.title}: ${shown.map(({ label }, i) => `${label} ${text(latest[i])}`).join(', ')}`}
        />
      ) : null}
      {shown.length > 1 ? (
        <ul className={css['legend']}>
          {shown.map(({ key, label }, i) => (
            <li key={key}><span className={css['swatch']} style={{ background: `var(${seriesColours[i % most] ?? ''})` }} />{label} <b>{text(values[i])}</b></li>
          ))}
          {drawn.length > shown.length ? <li>and {drawn.length - shown.length} smaller ones</li> : null}
        </ul>
      ) : null}
    </section>
  );
}
