import uPlot from 'uplot';
import type { Interval } from './lines';

export const seriesColours = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'] as const;

/** Colours are asked for at every drawing, so that a chart follows the switch between light and dark. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

interface Options {
  labels: readonly string[];
  area: boolean;
  range: [number, number] | undefined;
  format: (value: number) => string;
  /** Bytes are divided by powers of two, so the axis steps by them. */
  binary: boolean;
  gaps: () => readonly Interval[];
  onCursor: (index: number | null) => void;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps of the time axis in milliseconds: two minutes and two hours among them, so that a narrow chart has more than one label. */
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((step) => step * second), ...[1, 2, 3, 5, 10, 15, 30].map((step) => step * minute),
  ...[1, 2, 3, 6, 12].map((step) => step * hour), ...[1, 2, 7].map((step) => step * day),
];
const binarySteps = Array.from({ length: 52 }, (_, power) => 2 ** power);
/** The page's own font: a canvas does not inherit it. */
const axisFont = () => `11px ${getComputedStyle(document.body).fontFamily}`;

export function chartOptions({ labels, area, range, format, binary, gaps, onCursor }: Options): uPlot.Options {
  const font = axisFont();
  return {
    width: 300,
    height: 170,
    ms: 1,
    padding: [10, 4, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'device' }, drag: { x: false, y: false }, points: { size: 7 }, y: false },
    scales: {
      x: { time: true, auto: false },
      y: range ? { auto: false, range } : { auto: true, range: (_, min, max) => paddedRange(min, max) },
    },
    axes: [
      {
        stroke: () => cssColour('--ink-3'), font, size: 26, gap: 4, space: 58, incrs: timeSteps,
        grid: { show: false }, ticks: { show: false },
        values: (_, splits, __, ___, increment) => splits.map((split) => axisTime(split, increment)),
      },
      {
        stroke: () => cssColour('--ink-3'), font, size: axisWidth, gap: 6, space: 34,
        grid: { stroke: () => cssColour('--chart-grid'), width: 1 }, ticks: { show: false },
        values: (_, splits) => splits.map(format),
        ...(binary ? { incrs: binarySteps } : {}),
      },
    ],
    series: [
      {},
      ...labels.map((label, i): uPlot.Series => {
        const colour = seriesColours[i % seriesColours.length] ?? '--series-1';
        return {
          label, width: 1.6, spanGaps: false, points: { show: false },
          stroke: () => cssColour(colour),
          ...(area ? { fill: () => `color-mix(in srgb, ${cssColour(colour)} 12%, transparent)` } : {}),
        };
      }),
    ],
    hooks: {
      drawClear: [(chart) => drawGaps(chart, gaps())],
      setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)],
    },
  };
}

/** Zero belongs to the axis of what cannot be negative; a flat line gets room around it. */
function paddedRange(min: number | null, max: number | null): [number, number] {
  const low = min ?? 0;
  const high = max ?? 1;
  const bottom = low >= 0 && low < high * 0.7 ? 0 : low - Math.max((high - low) * 0.1, Math.abs(low) * 0.02);
  const top = high + Math.max((high - bottom) * 0.08, high === 0 && bottom === 0 ? 1 : 0);
  return [bottom, top];
}

function axisWidth(chart: uPlot, values: string[] | null): number {
  if (values === null) return 44;
  chart.ctx.save();
  chart.ctx.font = axisFont();
  const width = Math.max(...values.map((value) => chart.ctx.measureText(value).width));
  chart.ctx.restore();
  return Math.ceil(width) + 14;
}

function axisTime(time: number, increment: number): string {
  const date = new Date(time);
  const two = (value: number) => value.toString().padStart(2, '0');
  if (increment >= day) return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return increment < minute ? `${clock}:${two(date.getSeconds())}` : clock;
}

/** A hatched band: nothing was measured here. */
function drawGaps(chart: uPlot, gaps: readonly Interval[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = cssColour('--chart-gap');
  ctx.lineWidth = devicePixelRatio;
  for (const gap of gaps) {
    const left = Math.max(bbox.left, chart.valToPos(gap.from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(gap.to, 'x', true));
    if (right - left < 1) continue;
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.save();
    ctx.clip();
    ctx.beginPath();
    const step = 7 * devicePixelRatio;
    for (let x = left - bbox.height - (left % step); x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}
