import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatLatency, formatNumber, formatValue } from '@/ui/format/unit';

describe('format', () => {
  it.each([[0, '0'], [0.1234, '0.123'], [1.234, '1.23'], [12.34, '12.3'], [123.4, '123'], [1234567, '1,234,567'], [Number.NaN, '–']])(
    'formatNumber %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([[0, '0 B'], [1023, '1,023 B'.replace(',', '')], [1024, '1 KiB'], [1536, '1.5 KiB'], [5 * 2 ** 30, '5 GiB'], [2 ** 60, '1,024 PiB'], [-2048, '-2 KiB']])(
    'formatBytes %s', (value, text) => expect(formatBytes(value)).toBe(text));

  it.each([[0.25, '250 ms'], [42, '42 s'], [185, '3 min 5 s'], [7800, '2 h 10 min'], [3600, '1 h'], [356_400, '4 d 3 h'], [-60, '−1 min']])(
    'formatDuration %s', (value, text) => expect(formatDuration(value)).toBe(text));

  it.each([[84, '84 ms'], [999.6, '1,000 ms'], [2600, '2.6 s'], [65_000, '1 min 5 s']])(
    'formatLatency %s', (value, text) => expect(formatLatency(value)).toBe(text));

  it.each([
    [0.473, '1', 'system.cpu.utilization', false, '47 %'],
    [0.034, '1', 'system.cpu.utilization', false, '3.4 %'],
    [0.473, '1', 'system.linux.cpu.load_1m', false, '0.473'],
    [2048, 'By', 'system.network.io', true, '2 KiB/s'],
    [54.52, 'Cel', 'hw.temperature', false, '54.5 °C'],
    [12, '{process}', 'system.process.count', false, '12'],
    [12, '{packet}', 'system.network.packets', true, '12 /s'],
    [0.5, 's', 'system.cpu.time', true, '50 %'],
    [3, 'Hz', 'x', false, '3 Hz'],
  ])('formatValue %s %s %s', (value, unit, name, perSecond, text) => expect(formatValue(value, unit, name, perSecond)).toBe(text));
});
