import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartOptions } from './chartOptions';
import css from './Chart.module.css';
import { commonGaps, type Line } from './lines';

interface Props {
  labels: readonly string[];
  lines: readonly Line[];
  from: number;
  to: number;
  range: [number, number] | undefined;
  format: (value: number) => string;
  binary: boolean;
  summary: string;
  /** Values under the pointer, or null when it is elsewhere. */
  onCursor: (values: (number | null)[] | null) => void;
}

type Table = [number[], (number | null)[]];

/** undefined in a joined column means "this series has no point here", null means a gap. */
function join(lines: readonly Line[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  return uPlot.join(lines.map((line): Table => [[...line.times], [...line.values]]));
}

export function TimeChart({ labels, lines, from, to, range, format, binary, summary, onCursor }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const names = labels.join('\n');
  const gaps = useEffectEvent(() => commonGaps(lines, to));
  const formatValue = useEffectEvent(format);
  const moved = useEffectEvent((index: number | null) => {
    const plot = chart.current;
    onCursor(index === null || plot === null ? null : plot.data.slice(1).map((column) => nearest(column, index)));
  });
  const show = useEffectEvent((plot: uPlot) => {
    plot.batch(() => {
      plot.setData(join(lines), false);
      plot.setScale('x', { min: from, max: to });
    });
  });

  useEffect(() => {
    if (host.current === null) return;
    const options = chartOptions({
      labels: names === '' ? [] : names.split('\n'), area: !names.includes('\n'), range, binary,
      format: (value) => formatValue(value), gaps: () => gaps(), onCursor: (index) => moved(index),
    });
    const element = host.current;
    const plot = new uPlot({ ...options, width: Math.max(120, element.clientWidth) }, [[]], element);
    chart.current = plot;
    show(plot);
    const resize = new ResizeObserver(() => plot.setSize({ width: Math.max(120, element.clientWidth), height: options.height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [names, range, binary]);

  useEffect(() => {
    if (chart.current) show(chart.current);
  }, [lines, from, to]);

  useEffect(() => chart.current?.redraw(false, true), [scheme]);

  return <div ref={host} className={css['plot']} role="img" aria-label={summary} data-newest={newestTime(lines)} />;
}

function newestTime(lines: readonly Line[]): number {
  return Math.max(...lines.map((line) => line.times.at(-1) ?? 0));
}

/** Series of different collectors do not share their times: the value just before the pointer is meant. */
function nearest(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let i = index; i >= 0 && i > index - 12; i--) {
    const value = column[i];
    if (value === null) return null;
    if (value !== undefined) return value;
  }
  return null;
}
