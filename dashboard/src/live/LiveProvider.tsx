import { useQueryClient } from '@tanstack/react-query';
import { createContext, useEffect, useMemo, type ReactNode } from 'react';
import { signedOut } from '@/api/client';
import { keys } from '@/api/keys';
import type { Command, Device, DeviceFile } from '@/api/types';
import { DeviceChanges, storeCommand, storeFile } from './deviceCache';
import { LiveClient } from './liveClient';
import { LiveHub } from './liveHub';

export interface Live {
  client: LiveClient;
  hub: LiveHub;
}

export const LiveContext = createContext<Live | null>(null);

/** Keeps the event stream open while somebody is signed in, and what it brings in the query cache. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const live = useMemo(() => {
    const hub = new LiveHub();
    const changes = new DeviceChanges(queries);
    hub.on('device', (data) => changes.add(data as Device));
    hub.on('command', (data) => storeCommand(queries, data as Command));
    hub.on('file', (data) => storeFile(queries, data as DeviceFile));
    hub.on('twin', (data) => void queries.invalidateQueries({ queryKey: keys.twin((data as { deviceId: string }).deviceId) }));
    hub.on('update', (data) => {
      const { deviceId } = data as { deviceId: string };
      void queries.invalidateQueries({ queryKey: keys.deviceUpdates(deviceId) });
      void queries.invalidateQueries({ queryKey: keys.components(deviceId) });
    });
    hub.on('audit', () => void queries.invalidateQueries({ queryKey: keys.audit }));
    hub.on('finding', () => void queries.invalidateQueries({ queryKey: keys.audit }));
    hub.onResync(() => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'setup' }));
    const client = new LiveClient({
      onEvent: (event, data) => hub.emit(event, data),
      onResync: () => hub.resync(),
      onSignedOut: signedOut,
    });
    return { client, hub };
  }, [queries]);

  useEffect(() => {
    const { client } = live;
    const leave = client.subscribe('devices');
    const retry = () => client.retryNow();
    const shown = () => {
      if (document.visibilityState === 'visible') retry();
    };
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', shown);
    client.start();
    return () => {
      window.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', shown);
      leave();
      client.stop();
    };
  }, [live]);

  return <LiveContext value={live}>{children}</LiveContext>;
}
