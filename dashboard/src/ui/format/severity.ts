export type SeverityLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'unspecified';

/** OpenTelemetry's SeverityNumber in its six ranges of four. */
export function severityLevel(severity: number): SeverityLevel {
  if (severity <= 0) return 'unspecified';
  const levels: SeverityLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return levels[Math.min(5, Math.floor((severity - 1) / 4))] ?? 'fatal';
}

/** Shortest severity number of a level, as the filter asks for. */
export const minSeverityChoices = [
  { value: '0', label: 'All severities' },
  { value: '5', label: 'Debug and above' },
  { value: '9', label: 'Info and above' },
  { value: '13', label: 'Warning and above' },
  { value: '17', label: 'Error and above' },
];
