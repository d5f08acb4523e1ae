import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isOver, type TransferState } from './transferState';

/** Milliseconds between two pictures of the progress. */
const pace = 100;

type Run = (queries: QueryClient, show: (state: TransferState) => void, cancel: AbortSignal) => Promise<void>;

/** One file at a time; leaving the page ends it. */
export function useTransfer() {
  const queries = useQueryClient();
  const [state, setState] = useState<TransferState | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback((run: Run) => {
    const cancel = new AbortController();
    running.current = cancel;
    let shown = 0;
    let kind = '';
    const show = (next: TransferState) => {
      const now = performance.now();
      if (next.kind === kind && now - shown < pace) return;
      [shown, kind] = [now, next.kind];
      setState(next);
    };
    run(queries, show, cancel.signal).catch((error: unknown) => {
      setState(cancel.signal.aborted ? { kind: 'ended', isDone: false, title: 'It was cancelled', text: 'Nothing was sent.' } : { kind: 'refused', error });
    }).finally(() => { running.current = null; });
  }, [queries]);

  const cancel = useCallback(() => running.current?.abort(), []);
  return { state, isRunning: state !== null && !isOver(state), start, cancel };
}
