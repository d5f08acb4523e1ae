import type { Attributes, MetricSeries } from '@/api/types';

/** One series in time order. A null value is a gap in collection: nothing is drawn across it. */
export interface Line {
  attributes: Attributes;
  times: readonly number[];
  values: readonly (number | null)[];
}

export interface Interval {
  from: number;
  to: number;
}

/** A pause of this many usual spacings is a gap. */
const gapFactor = 3;
/** Milliseconds below which no pause counts as a gap, whatever the spacing. */
const shortestGap = 5000;

export function attributesKey(attributes: Attributes): string {
  return Object.keys(attributes).sort().map((key) => `${key}=${attributes[key] ?? ''}`).join(',');
}

export function toLine(series: MetricSeries): Line {
  return { attributes: series.attributes, times: series.times, values: series.values };
}

/** The median distance between the newest measured points, in milliseconds; null while there are fewer than three. */
export function usualSpacing(line: Line): number | null {
  const spacings: number[] = [];
  let later: number | null = null;
  for (let i = line.times.length - 1; i >= 0 && spacings.length < 15; i--) {
    const time = line.times[i];
    if (time === undefined || line.values[i] === null) {
      later = null;
      continue;
    }
    if (later !== null) spacings.push(later - time);
    later = time;
  }
  if (spacings.length < 2) return null;
  spacings.sort((a, b) => a - b);
  return spacings[Math.floor(spacings.length / 2)] ?? null;
}

export function gapThreshold(line: Line): number | null {
  const spacing = usualSpacing(line);
  return spacing === null ? null : Math.max(shortestGap, spacing * gapFactor);
}

/**
 * Adds live points at the end: points that are known or older are left out, a pause becomes a gap, what is older than
 * `from` falls off. Over long ranges points of one bucket are averaged, as the server does for what it answers.
 */
export function appendPoints(line: Line, points: readonly (readonly [number, number | null])[], from: number, bucket: number): Line {
  const times = [...line.times];
  const values = [...line.values];
  const limit = gapThreshold(line);
  for (const [time, value] of points) {
    const last = times.at(-1);
    const before = values.at(-1);
    if (value === null || (last !== undefined && time <= last)) continue;
    if (last !== undefined && limit !== null && before !== null && time - last > Math.max(limit, bucket * gapFactor)) {
      times.push(last + 1);
      values.push(null);
    } else if (last !== undefined && before !== null && before !== undefined && bucket > 0 && Math.floor(last / bucket) === Math.floor(time / bucket)) {
      values[values.length - 1] = (before + value) / 2;
      continue;
    }
    times.push(time);
    values.push(value);
  }
  const first = times.findIndex((time) => time >= from);
  const cut = first < 0 ? Math.max(0, times.length - 1) : Math.max(0, first - 1);
  return { attributes: line.attributes, times: times.slice(cut), values: values.slice(cut) };
}

/** A counter as change per second. A counter that restarted, and the first point after a gap, have no rate. */
export function toRate(line: Line): Line {
  const values = line.values.map((value, i) => {
    const before = line.values[i - 1];
    const time = line.times[i];
    const timeBefore = line.times[i - 1];
    if (value === null || before === null || before === undefined || time === undefined || timeBefore === undefined) return null;
    if (value < before || time <= timeBefore) return null;
    return (value - before) * 1000 / (time - timeBefore);
  });
  return { ...line, values };
}

/** Where this line has no measurement between measurements, and from its last one to `now` if that is too long ago. */
export function gapsOf(line: Line, now: number): Interval[] {
  const gaps: Interval[] = [];
  let last: number | null = null;
  let open = false;
  for (let i = 0; i < line.times.length; i++) {
    const time = line.times[i];
    if (time === undefined) continue;
    if (line.values[i] === null || line.values[i] === undefined) {
      open = last !== null;
      continue;
    }
    if (open && last !== null) gaps.push({ from: last, to: time });
    open = false;
    last = time;
  }
  const limit = gapThreshold(line);
  if (last !== null && limit !== null && now - last > limit) gaps.push({ from: last, to: now });
  return gaps;
}

/** Where no line has a measurement. */
export function commonGaps(lines: readonly Line[], now: number): Interval[] {
  const [first, ...rest] = lines.map((line) => gapsOf(line, now));
  return (rest).reduce((common, gaps) => common.flatMap((a) => gaps.flatMap((b) => {
    const from = Math.max(a.from, b.from);
    const to = Math.min(a.to, b.to);
    return from < to ? [{ from, to }] : [];
  })), first ?? []);
}

export function latestValue(line: Line): number | null {
  for (let i = line.values.length - 1; i >= 0; i--) {
    const value = line.values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
