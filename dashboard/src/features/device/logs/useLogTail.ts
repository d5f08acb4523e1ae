import { useQuery } from '@tanstack/react-query';
import { useReducer, useState, type Dispatch } from 'react';
import { readLogs } from '@/api/devices';
import { keys } from '@/api/keys';
import type { LiveLogs, LogRecord, Page } from '@/api/types';
import { useLiveEvent } from '@/live/useLive';
import { emptyTail, matches, reduceTail, type LogAction, type LogFilter, type LogTail } from './logTail';

const linesPerRead = 300;

export interface LogTailResult {
  tail: LogTail;
  dispatch: Dispatch<LogAction>;
  pending: boolean;
  error: Error | null;
  retry: () => void;
  loadingOlder: boolean;
  loadOlder: () => void;
}

const toQuery = (filter: LogFilter) => ({
  ...(filter.search === '' ? {} : { search: filter.search }),
  ...(filter.minSeverity === 0 ? {} : { minSeverity: filter.minSeverity }),
});

/** The newest lines that pass the filter, and what comes in after them. */
export function useLogTail(deviceId: string, filter: LogFilter): LogTailResult {
  const [tail, dispatch] = useReducer(reduceTail, emptyTail);
  const [shown, setShown] = useState<Page<LogRecord> | undefined>();
  const [older, setOlder] = useState<{ loading: boolean; error: Error | null }>({ loading: false, error: null });
  const query = useQuery({
    queryKey: [...keys.logs(deviceId), filter],
    queryFn: ({ signal }) => readLogs(deviceId, toQuery(filter), null, linesPerRead, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (query.data !== undefined && query.data !== shown) {
    setShown(query.data);
    dispatch({ type: 'reset', items: query.data.items, next: query.data.next });
  }
  useLiveEvent<LiveLogs>('logs', (event) => {
    if (event.deviceId !== deviceId || query.data === undefined) return;
    const items = event.items.filter((line) => matches(line, filter));
    if (items.length > 0) dispatch({ type: 'live', items });
  });
  const loadOlder = async () => {
    if (tail.next === null || older.loading) return;
    setOlder({ loading: true, error: null });
    try {
      const page = await readLogs(deviceId, toQuery(filter), tail.next, linesPerRead);
      dispatch({ type: 'older', items: page.items, next: page.next });
      setOlder({ loading: false, error: null });
    } catch (error) {
      setOlder({ loading: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return {
    tail,
    dispatch,
    pending: query.isPending,
    error: query.error ?? older.error,
    retry: () => void (older.error ? loadOlder() : query.refetch()),
    loadingOlder: older.loading,
    loadOlder: () => void loadOlder(),
  };
}
