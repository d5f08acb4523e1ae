import { memo, type ReactNode } from 'react';
import type { LogRecord } from '@/api/types';
import { severityLevel } from '@/ui/format/severity';
import { clockTime, exactTime } from '@/ui/format/time';
import { TimeMark } from '../time/TimeMark';
import css from './Logs.module.css';

interface Props {
  line: LogRecord;
  index: number;
  top: number;
  search: string;
  measure: (element: HTMLElement | null) => void;
}

const labels = { trace: 'trace', debug: 'debug', info: 'info', warn: 'warn', error: 'error', fatal: 'fatal', unspecified: '' };

export const LogLine = memo(function LogLine({ line, index, top, search, measure }: Props) {
  const level = severityLevel(line.severity);
  const time = Date.parse(line.time);
  const attributes = Object.entries(line.attributes ?? {}).map(([key, value]) => `${key}=${value}`).join('\n');
  return (
    <div
      ref={measure} data-index={index} className={`${css['line'] ?? ''} ${css[level] ?? ''}`} style={{ transform: `translateY(${top}px)` }}
      title={`${exactTime(time)}\nfrom ${line.source}${attributes === '' ? '' : `\n${attributes}`}`}
    >
      <time className={css['time']} dateTime={line.time}><TimeMark quality={line.timeQuality} />{clockTime(time)}</time>
      <span className={css['level']}>{labels[level]}</span>
      <span className={css['body']}><span className={css['source']}>{shortSource(line.source)}</span>{highlight(line.body, search)}</span>
    </div>
  );
});

/** A file by its last part; the whole path is in the title. */
function shortSource(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function highlight(text: string, search: string): ReactNode {
  if (search === '') return text;
  const parts: ReactNode[] = [];
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  let start = 0;
  for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, start)) {
    parts.push(text.slice(start, found), <mark key={found} className={css['mark']}>{text.slice(found, found + search.length)}</mark>);
    start = found + search.length;
  }
  parts.push(text.slice(start));
  return parts;
}
