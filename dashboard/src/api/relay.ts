import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { ChannelSort, CountedPage, MqttConnection, MqttConnectionSort, RelayActivity, RelayChannel } from './types';

/** Milliseconds. The relay moves without an event; a page that nobody looks at asks nothing. */
const interval = 5000;

export interface ListOf<Sort> {
  search: string;
  sort: Sort;
  limit: number;
}

export const relayActivityQuery = queryOptions({
  queryKey: keys.relayActivity,
  queryFn: ({ signal }) => api.get<RelayActivity>('/relay/activity', undefined, signal),
  refetchInterval: interval,
});

export const mqttConnectionsQuery = (list: ListOf<MqttConnectionSort>) => queryOptions({
  queryKey: keys.mqttConnections(list),
  queryFn: ({ signal }) => api.get<CountedPage<MqttConnection>>('/relay/mqtt-connections', { ...list }, signal),
  refetchInterval: interval,
  placeholderData: keepPreviousData,
});

export const relayChannelsQuery = (list: ListOf<ChannelSort>) => queryOptions({
  queryKey: keys.relayChannels(list),
  queryFn: ({ signal }) => api.get<CountedPage<RelayChannel>>('/relay/channels', { ...list }, signal),
  refetchInterval: interval,
  placeholderData: keepPreviousData,
});

export const cutConnection = (id: string) => api.delete(`/relay/mqtt-connections/${id}`);
