export type Attributes = Record<string, string>;
export type MetricKind = 'gauge' | 'counter' | 'updowncounter';

export interface MetricName {
  name: string;
  unit: string;
  kind: MetricKind;
  attributes: Attributes[];
}

export interface MetricSeries {
  attributes: Attributes;
  /** Unix milliseconds, rising. */
  times: number[];
  /** null marks a gap in collection: nothing was measured there. */
  values: (number | null)[];
}

export interface MetricSeriesResponse {
  name: string;
  unit: string;
  kind: MetricKind;
  series: MetricSeries[];
}

/** How well a time is known; `unplaced`: not yet, and it is that of arrival. */
export type TimeQuality = 'exact' | 'anchored' | 'estimated' | 'unplaced';

export interface Boot {
  bootId: string;
  began: string | null;
  knownUntil: string | null;
  uptimeMs: number;
  timeQuality: TimeQuality;
  source: 'beacon' | 'receipt' | 'device' | 'neighbours' | null;
  uncertaintyMs: number | null;
  unplacedPoints: number;
  lastRecordAt: string;
}

export interface LogRecord {
  id: string;
  time: string;
  timeQuality: TimeQuality;
  receivedAt: string;
  /** OpenTelemetry SeverityNumber, 1 to 24; 0 is unspecified. */
  severity: number;
  severityText: string | null;
  source: string;
  body: string;
  attributes: Attributes | null;
}

export interface DeviceEvent {
  id: string;
  time: string;
  timeQuality: TimeQuality;
  receivedAt: string;
  name: string;
  severity: number;
  attributes: Attributes | null;
}

export interface Gap {
  epochId: string;
  stream: string;
  fromSeq: number;
  toSeq: number;
  reason: string;
  reportedAt: string | null;
}

export interface LiveMetrics {
  deviceId: string;
  series: {
    name: string;
    unit: string;
    attributes: Attributes;
    /** [unix ms, value]; null stands for a value that is not a number. */
    points: [number, number | null][];
  }[];
}

export interface LiveLogs {
  deviceId: string;
  items: LogRecord[];
}
