const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Three significant digits, never in exponents: 0.123, 1.23, 12.3, 123, 1 234. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

export function formatBytes(value: number): string {
  let size = value;
  let step = 0;
  while (Math.abs(size) >= 1024 && step < binary.length - 1) {
    size /= 1024;
    step++;
  }
  return `${step === 0 ? Math.round(size).toString() : formatNumber(size)} ${binary[step] ?? 'B'}`;
}

export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(percent) < 10 && percent !== 0 ? 1 : 0 })} %`;
}

/** Seconds to the two largest parts: 42 s, 3 min 5 s, 2 h 10 min, 4 d 3 h. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${formatNumber(seconds)} s`;
  const whole = Math.floor(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** Milliseconds that somebody waited. */
export function formatLatency(milliseconds: number): string {
  return milliseconds < 1000 ? `${formatNumber(Math.round(milliseconds))} ms` : formatDuration(milliseconds / 1000);
}

/**
 * A value in a UCUM unit as OpenTelemetry writes it: By, 1, Cel, s, ms, Hz, {process}. `perSecond` for the rate of a counter.
 * A dimensionless value is a share only where the metric says so by its name.
 */
export function formatValue(value: number, unit: string, name = '', perSecond = false): string {
  const suffix = perSecond ? '/s' : '';
  switch (unit) {
    case 'By': return formatBytes(value) + suffix;
    case '1': return isShare(name) ? formatPercent(value) + suffix : formatNumber(value) + suffix;
    case '%': return `${formatNumber(value)} %`;
    case 'Cel': return `${formatNumber(value)} °C`;
    case 's': return perSecond ? formatPercent(value) : formatDuration(value);
    case 'ms': return perSecond ? formatPercent(value / 1000) : formatLatency(value);
    case '': return formatNumber(value) + suffix;
    default: return `${formatNumber(value)} ${unitText(unit)}${suffix}`.trimEnd();
  }
}

export function isShare(name: string): boolean {
  return /\.(utilization|ratio|share)$/.test(name);
}

/** Annotations in braces say what is counted, which the metric's name says as well. */
function unitText(unit: string): string {
  return unit.replaceAll(/\{[^}]*\}/g, '').replace('By', 'B').replace('Cel', '°C');
}
