import { describe, expect, it } from 'vitest';
import type { MetricName } from '@/api/types';
import { chartOf, chartsFor } from '@/features/device/charts/definitions';

const metric = (name: string, ...attributes: Record<string, string>[]): MetricName =>
  ({ name, unit: '1', kind: 'gauge', attributes: attributes.length > 0 ? attributes : [{}] });

describe('chartsFor', () => {
  it('onlyWhatIsMeasured_GetsAChart', () => {
    expect(chartsFor([metric('system.memory.utilization')]).map(({ id }) => id)).toEqual(['memory']);
  });

  it('totalIsMissing_NoChartOfTheTotal', () => {
    expect(chartsFor([metric('system.cpu.utilization', { 'cpu.mode': 'user' })])).toEqual([]);
  });

  it('bothWaysToNameTheLoad_AreFound_ShortestFirst', () => {
    const charts = chartsFor([metric('system.linux.cpu.load_15m'), metric('system.linux.cpu.load_1m'), metric('system.cpu.load_average.5m')]);
    expect(charts[0]?.sources.map((source) => source.label({}))).toEqual(['1 min', '5 min', '15 min']);
  });

  it('loopbackAndLoopDevices_AreNotDrawn', () => {
    const charts = chartsFor([
      metric('system.network.io', { 'network.interface.name': 'lo' }),
      metric('system.disk.io', { 'system.device': 'loop3' }, { 'system.device': 'mmcblk0', 'disk.io.direction': 'write' }),
    ]);
    expect(charts.map(({ id }) => id)).toEqual(['disk']);
    expect(charts[0]?.sources[0]?.label({ 'system.device': 'mmcblk0', 'disk.io.direction': 'write' })).toBe('mmcblk0 write');
  });
});

describe('chartOf', () => {
  it('severalSeries_AreCalledByWhatDiffers', () => {
    const chart = chartOf(metric('x', { host: 'a', state: 'used' }, { host: 'a', state: 'free' }));
    expect(chart.sources[0]?.label({ host: 'a', state: 'free' })).toBe('free');
  });

  it('withoutAttributes_IsTheTotal', () => expect(chartOf(metric('x')).sources[0]?.label({})).toBe('total'));
});
