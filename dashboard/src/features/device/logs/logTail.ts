import type { LogRecord } from '@/api/types';

/** Lines that are kept at most; the oldest fall off while new ones come in. */
export const mostLines = 5000;

export interface LogFilter {
  search: string;
  minSeverity: number;
}

export interface LogTail {
  /** Oldest first. */
  lines: readonly LogRecord[];
  /** What came in while paused, oldest first. */
  held: readonly LogRecord[];
  paused: boolean;
  /** Where older lines go on, or null when there are none. */
  next: string | null;
}

export type LogAction =
  | { type: 'reset'; items: readonly LogRecord[]; next: string | null }
  | { type: 'older'; items: readonly LogRecord[]; next: string | null }
  | { type: 'live'; items: readonly LogRecord[] }
  | { type: 'pause' }
  | { type: 'resume' };

export const emptyTail: LogTail = { lines: [], held: [], paused: false, next: null };

/** The same rule as the server's filter: a line without severity passes only when none is asked for. */
export function matches(line: LogRecord, filter: LogFilter): boolean {
  return line.severity >= filter.minSeverity && (filter.search === '' || line.body.toLowerCase().includes(filter.search.toLowerCase()));
}

export function reduceTail(tail: LogTail, action: LogAction): LogTail {
  switch (action.type) {
    case 'reset':
      return { ...tail, lines: inOrder(action.items), held: [], next: action.next };
    case 'older':
      return { ...tail, lines: [...without(inOrder(action.items), tail.lines), ...tail.lines], next: action.next };
    case 'live': {
      const news = without(without(inOrder(action.items), tail.lines), tail.held);
      if (news.length === 0) return tail;
      return tail.paused ? { ...tail, held: [...tail.held, ...news].slice(-mostLines) } : { ...tail, ...appended(tail, news) };
    }
    case 'pause':
      return { ...tail, paused: true };
    case 'resume':
      return { ...tail, paused: false, held: [], ...appended(tail, tail.held) };
  }
}

/** Lines that fell off at the top can be read again from the server: `next` points above the oldest that is left. */
function appended(tail: LogTail, news: readonly LogRecord[]): Pick<LogTail, 'lines' | 'next'> {
  const lines = mergeByTime(tail.lines, news);
  if (lines.length <= mostLines) return { lines, next: tail.next };
  const kept = lines.slice(-mostLines);
  return { lines: kept, next: kept[0]?.id ?? tail.next };
}

/** The server answers newest first, events come oldest first: the time decides, and within one moment the ids, which rise. */
function inOrder(items: readonly LogRecord[]): LogRecord[] {
  return [...items].sort(compare);
}

function compare(a: LogRecord, b: LogRecord): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : Number(a.id) - Number(b.id);
}

function without(items: readonly LogRecord[], known: readonly LogRecord[]): LogRecord[] {
  const ids = new Set(known.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id));
}

/** A device that was offline delivers late: its lines go where they belong. */
function mergeByTime(lines: readonly LogRecord[], news: readonly LogRecord[]): readonly LogRecord[] {
  const first = news[0];
  const last = lines.at(-1);
  if (first === undefined) return lines;
  const all = [...lines, ...news];
  return last === undefined || compare(last, first) <= 0 ? all : all.sort(compare);
}
