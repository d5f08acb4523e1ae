import { describe, expect, it } from 'vitest';
import { severityLevel } from '@/ui/format/severity';
import { relativeTime } from '@/ui/format/time';

const now = Date.UTC(2026, 0, 10);

describe('relativeTime', () => {
  it.each([[2, 'just now'], [40, '40 s ago'], [60, '1 min ago'], [3599, '59 min ago'], [7300, '2 h ago'], [200_000, '2 d ago'], [-7300, 'in 2 h'], [-3, 'just now'], [9_000_000, '3 months ago']])(
    '%s seconds', (seconds, text) => expect(relativeTime(now - seconds * 1000, now)).toBe(text));
});

describe('severityLevel', () => {
  it.each([[0, 'unspecified'], [1, 'trace'], [5, 'debug'], [9, 'info'], [12, 'info'], [13, 'warn'], [17, 'error'], [21, 'fatal'], [24, 'fatal'], [99, 'fatal']])(
    '%s', (severity, level) => expect(severityLevel(severity)).toBe(level));
});
