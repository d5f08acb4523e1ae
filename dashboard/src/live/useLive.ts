import { use, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { LiveContext, type Live } from './LiveProvider';
import type { LiveState } from './liveClient';

export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive needs a LiveProvider');
  return live;
}

export function useLiveState(): LiveState {
  const { client } = useLive();
  return useSyncExternalStore(client.watch, client.getState);
}

/** A stream that does not open must not keep a page empty. Milliseconds. */
const patience = 2000;

/**
 * Adds a topic to the event stream. The result is true once the stream carries it (or cannot): what is read after
 * that moment misses nothing between the answer and the first event.
 */
export function useLiveTopic(topic: string): boolean {
  const { client } = useLive();
  const settled = useSyncExternalStore(client.watch, () => client.isSettled(topic));
  const [ready, setReady] = useState<string | null>(null);
  if (settled && ready !== topic) setReady(topic);
  useEffect(() => {
    const leave = client.subscribe(topic);
    const timer = setTimeout(() => setReady(topic), patience);
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [client, topic]);
  return ready === topic;
}

// The caller names the shape that the event has by contract.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function useLiveEvent<T>(event: string, listener: (data: T) => void): void {
  const { hub } = useLive();
  const handle = useEffectEvent((data: unknown) => listener(data as T));
  useEffect(() => hub.on(event, (data) => handle(data)), [hub, event]);
}

export function useResync(listener: () => void): void {
  const { hub } = useLive();
  const handle = useEffectEvent(listener);
  useEffect(() => hub.onResync(() => handle()), [hub]);
}
