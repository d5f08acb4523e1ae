import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, apiUrl } from './client';
import { keys, type DeviceFilter } from './keys';
import type {
  Boot, Command, CommandOutput, CommandType, CountedPage, Device, DeviceEvent, DeviceFile, Gap, LogRecord, MetricName, MetricSeriesResponse, NewCommand, Page, Recording, Twin,
} from './types';

const devicesPerPage = 200;
const path = (id: string, rest = '') => `/devices/${encodeURIComponent(id)}${rest}`;

export const deviceListQuery = (filter: DeviceFilter) => infiniteQueryOptions({
  queryKey: keys.deviceList(filter),
  queryFn: ({ pageParam, signal }) =>
    api.get<CountedPage<Device>>('/devices', { ...filter, limit: devicesPerPage, cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: Infinity,
});

export const readDevice = (id: string, signal?: AbortSignal) => api.get<Device>(path(id), undefined, signal);

export const deviceQuery = (id: string) => queryOptions({
  queryKey: keys.device(id),
  queryFn: ({ signal }) => readDevice(id, signal),
  staleTime: Infinity,
});

export const metricNamesQuery = (id: string) => queryOptions({
  queryKey: keys.metricNames(id),
  queryFn: ({ signal }) => api.get<{ items: MetricName[] }>(path(id, '/metrics/names'), undefined, signal),
  select: (answer) => answer.items,
  staleTime: Infinity,
});

export const seriesQuery = (id: string, name: string, seconds: number, maxPoints: number) => queryOptions({
  queryKey: keys.series(id, name, seconds),
  queryFn: ({ signal }) => {
    const to = Date.now();
    return api.get<MetricSeriesResponse>(path(id, '/metrics/series'), { name, from: to - seconds * 1000, to, maxPoints }, signal);
  },
  // What arrives later comes over the event stream; a resync reads everything again.
  staleTime: Infinity,
  gcTime: 0,
});

export interface LogFilter {
  search?: string | undefined;
  minSeverity?: number | undefined;
}

export const readLogs = (id: string, filter: LogFilter, before: string | null, limit: number, signal?: AbortSignal) =>
  api.get<Page<LogRecord>>(path(id, '/logs'), { ...filter, before, limit }, signal);

export const eventsQuery = (id: string) => queryOptions({
  queryKey: keys.events(id),
  queryFn: ({ signal }) => api.get<{ items: DeviceEvent[] }>(path(id, '/events'), { limit: 200 }, signal),
  select: (answer) => answer.items,
});

export const bootsQuery = (id: string) => queryOptions({
  queryKey: keys.boots(id),
  queryFn: ({ signal }) => api.get<{ items: Boot[] }>(path(id, '/boots'), { limit: 1000 }, signal),
  select: (answer) => answer.items,
});

/** `count`: how many there are, so that one more asks again. */
export const gapsQuery = (id: string, count: number) => queryOptions({
  queryKey: [...keys.gaps(id), count],
  queryFn: ({ signal }) => api.get<{ items: Gap[] }>(path(id, '/gaps'), undefined, signal),
  placeholderData: keepPreviousData,
  select: (answer) => answer.items,
});

export const twinQuery = (id: string) => queryOptions({
  queryKey: keys.twin(id),
  queryFn: ({ signal }) => api.get<Twin>(path(id, '/twin'), undefined, signal),
  // An event says when it is another.
  staleTime: Infinity,
});

export const filesQuery = (id: string) => infiniteQueryOptions({
  queryKey: keys.files(id),
  queryFn: ({ pageParam, signal }) => api.get<Page<DeviceFile>>(path(id, '/files'), { limit: 50, before: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  // What changes comes over the event stream.
  staleTime: Infinity,
});

export const recordingsQuery = (id: string) => infiniteQueryOptions({
  queryKey: keys.recordings(id),
  queryFn: ({ pageParam, signal }) => api.get<Page<Recording>>('/recordings', { device: id, limit: 20, before: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  refetchInterval: 15_000,
});

export const recordingContentUrl = (recording: Recording) => apiUrl(path(recording.deviceId, `/recordings/${recording.id}/content`));

export const fileContentUrl = (file: DeviceFile) => apiUrl(path(file.deviceId, `/files/${file.id}/content`));
export const deleteFile = (file: DeviceFile) => api.delete(path(file.deviceId, `/files/${file.id}`));

export const commandsQuery = (id: string) => queryOptions({
  queryKey: keys.commands(id),
  queryFn: ({ signal }) => api.get<{ items: Command[] }>(path(id, '/commands'), { limit: 100 }, signal),
  staleTime: Infinity,
});

export const readCommand = (id: string, commandId: string) => api.get<Command>(path(id, `/commands/${commandId}`));

/** The WebSocket of a session's packets. */
export const sessionUrl = (id: string, session: string) => new URL(apiUrl(path(id, `/sessions/${session}`)), location.href.replace(/^http/, 'ws')).href;

export const readOutput = (id: string, commandId: string, from: number, signal?: AbortSignal) =>
  api.get<CommandOutput>(path(id, `/commands/${commandId}/output`), { from }, signal);

export const commandTypesQuery = queryOptions({
  queryKey: keys.commandTypes,
  queryFn: ({ signal }) => api.get<{ items: CommandType[] }>('/command-types', undefined, signal),
  select: (answer) => answer.items,
  staleTime: Infinity,
});

export const sendCommand = (id: string, command: NewCommand) => api.post<Command>(path(id, '/commands'), command);
export const cancelCommand = (id: string, commandId: string) => api.delete(path(id, `/commands/${commandId}`));
export const updateDevice = (id: string, change: { name?: string; tags?: string[] }) => api.patch<Device>(path(id), change);
export const pauseDevice = (id: string, seconds: number) => api.put<NonNullable<Device['pause']>>(path(id, '/pause'), { seconds });
export const endPause = (id: string) => api.delete(path(id, '/pause'));
export const revokeDevice = (id: string) => api.delete(path(id));
export const approveDevice = (id: string) => api.post<Device | undefined>(path(id, '/approve'));
export const rejectDevice = (id: string) => api.post<Device | undefined>(path(id, '/reject'));
