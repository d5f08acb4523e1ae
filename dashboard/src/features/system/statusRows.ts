import type { StatusDocument } from '@/api/types';
import { exactTime } from '@/ui/format/time';
import { formatBytes, formatDuration } from '@/ui/format/unit';

/** Nested values become one row each, called by their path: "ingest, records accepted". */
export function statusRows(document: StatusDocument, prefix = ''): [string, string][] {
  return Object.entries(document).flatMap(([key, value]): [string, string][] => {
    const name = prefix === '' ? capital(words(key)) : `${prefix}, ${words(key)}`;
    if (Array.isArray(value)) {
      const simple = value.every((item) => typeof item !== 'object' || item === null);
      if (simple) return [[name, value.length === 0 ? 'none' : value.join(', ')]];
      return value.flatMap((item, i) => statusRows(item as StatusDocument, `${name} ${i + 1}`));
    }
    if (typeof value === 'object' && value !== null) return statusRows(value as StatusDocument, name);
    return [[name, text(key, value)]];
  });
}

function text(key: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (/bytes/i.test(key)) return formatBytes(value);
    if (/seconds$/i.test(key)) return formatDuration(value);
    return value.toLocaleString('en-GB', { maximumFractionDigits: 3 });
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? exactTime(Date.parse(value)) : value;
}

/** camelCase, kebab-case and dotted names as words; what is not a name stays as it is. */
function words(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[-_.]/g, ' ').toLowerCase();
}

function capital(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1);
}
