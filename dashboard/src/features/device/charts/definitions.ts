import type { Attributes, MetricName } from '@/api/types';

export interface ChartSource {
  name: string;
  /** Which series of the metric are drawn. */
  where: (attributes: Attributes) => boolean;
  label: (attributes: Attributes) => string;
}

export interface ChartDefinition {
  id: string;
  title: string;
  sources: ChartSource[];
  /** The value axis, where it is known beforehand. */
  range?: [number, number];
}

const total = (attributes: Attributes) => Object.keys(attributes).length === 0;
const any = () => true;
const words = (...parts: (string | undefined)[]) => parts.filter((part) => part !== undefined && part !== '').join(' ');

const directions: Record<string, string> = { receive: 'in', transmit: 'out', read: 'read', write: 'write' };
const direction = (value: string | undefined) => (value === undefined ? undefined : directions[value] ?? value);

function loadSources(names: readonly MetricName[]): ChartSource[] {
  const found = names.flatMap((metric) => {
    const minutes = /^system\.(?:linux\.)?cpu\.load(?:_average\.|_)(\d+)m$/.exec(metric.name)?.[1];
    return minutes === undefined ? [] : [{ name: metric.name, minutes: Number(minutes) }];
  });
  return found.sort((a, b) => a.minutes - b.minutes).map(({ name, minutes }) => ({ name, where: any, label: () => `${minutes} min` }));
}

/** The charts that a device with these metrics can show. */
export function chartsFor(names: readonly MetricName[]): ChartDefinition[] {
  const charts: ChartDefinition[] = [
    { id: 'cpu', title: 'CPU', range: [0, 1], sources: [{ name: 'system.cpu.utilization', where: total, label: () => 'busy' }] },
    { id: 'memory', title: 'Memory', range: [0, 1], sources: [{ name: 'system.memory.utilization', where: total, label: () => 'used' }] },
    { id: 'load', title: 'Load', sources: loadSources(names) },
    {
      id: 'network', title: 'Network',
      sources: [{
        name: 'system.network.io', where: (a) => a['network.interface.name'] !== 'lo',
        label: (a) => words(a['network.interface.name'], direction(a['network.io.direction'])),
      }],
    },
    {
      id: 'disk', title: 'Disk activity',
      sources: [{
        name: 'system.disk.io', where: (a) => !/^(loop|ram|zram)\d/.test(a['system.device'] ?? ''),
        label: (a) => words(a['system.device'], direction(a['disk.io.direction'])),
      }],
    },
    {
      id: 'filesystem', title: 'Disk space used', range: [0, 1],
      sources: [{
        name: 'system.filesystem.utilization', where: (a) => (a['system.filesystem.state'] ?? 'used') === 'used',
        label: (a) => a['system.filesystem.mountpoint'] ?? a['system.device'] ?? 'used',
      }],
    },
    { id: 'temperature', title: 'Temperature', sources: [{ name: 'hw.temperature', where: any, label: (a) => a['hw.name'] ?? a['hw.id'] ?? 'sensor' }] },
  ];
  const known = new Map(names.map((metric) => [metric.name, metric]));
  return charts.filter((chart) => chart.sources.some((source) => known.get(source.name)?.attributes.some(source.where)));
}

/** Any one metric with all its series, each called by what tells it from the others. */
export function chartOf(metric: MetricName): ChartDefinition {
  const varying = varyingKeys(metric.attributes);
  return {
    id: metric.name,
    title: metric.name,
    sources: [{ name: metric.name, where: any, label: (a) => words(...varying.map((key) => a[key])) || 'total' }],
  };
}

function varyingKeys(sets: readonly Attributes[]): string[] {
  const keys = [...new Set(sets.flatMap((set) => Object.keys(set)))].sort();
  return keys.filter((key) => new Set(sets.map((set) => set[key])).size > 1 || sets.length === 1);
}
