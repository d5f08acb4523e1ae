import { useCallback, useEffect, useRef, useState } from 'react';
import { readOutput } from '@/api/devices';
import type { Command, LiveOutput } from '@/api/types';
import { useLiveEvent, useResync } from '@/live/useLive';
import { finalStates } from './commandText';
import { emptyOutput, type Output, withAnswer, withLive } from './output';

/** Milliseconds. The last pieces come a moment after the end. */
const again = 1000;
const patience = 10;

/** What a command writes: read from the server, then as it comes. */
export function useOutput(command: Command): { output: Output; error: Error | null } {
  const [output, setOutput] = useState(emptyOutput);
  const [error, setError] = useState<Error | null>(null);
  const known = useRef(emptyOutput);
  const reading = useRef(false);
  const wanted = useRef(false);
  const isFinal = finalStates.has(command.state);
  const { deviceId, id } = command;
  const keep = useCallback((next: Output) => {
    known.current = next;
    setOutput(next);
  }, []);
  const read = useCallback(async (signal?: AbortSignal) => {
    // One at a time; what is asked for meanwhile is asked again.
    if (reading.current) {
      wanted.current = true;
      return;
    }
    reading.current = true;
    try {
      do {
        wanted.current = false;
        let more = true;
        while (more) {
          const answer = await readOutput(deviceId, id, known.current.next, signal);
          keep(withAnswer(known.current, answer));
          more = answer.items.length > 0 && !answer.ended;
        }
      } while (wanted.current as boolean);
      setError(null);
    } catch (problem) {
      if (!(problem instanceof DOMException && problem.name === 'AbortError')) setError(problem instanceof Error ? problem : new Error(String(problem)));
    } finally {
      reading.current = false;
    }
  }, [deviceId, id, keep]);

  useEffect(() => {
    const stop = new AbortController();
    void read(stop.signal);
    return () => stop.abort();
  }, [read]);

  const { ended } = output;
  useEffect(() => {
    if (!isFinal || ended) return;
    let left = patience;
    const timer = setInterval(() => {
      void read();
      if (--left === 0) clearInterval(timer);
    }, again);
    return () => clearInterval(timer);
  }, [isFinal, ended, read]);

  useLiveEvent<LiveOutput>('output', (live) => {
    if (live.commandId !== id || known.current.ended) return;
    const next = reading.current ? null : withLive(known.current, live);
    if (next === null) void read();
    else keep(next);
  });
  useResync(() => void read());
  return { output, error };
}
