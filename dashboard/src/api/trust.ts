import { queryOptions } from '@tanstack/react-query';
import type { Bytes } from '@/trust/protocol/bytes';
import { api, request, requestCbor } from './client';
import { keys } from './keys';
import type { Command, KeyRequest } from './types';

/** Whom devices are to trust, from whoever answers: it proves itself. */
export const fetchTrust = () => requestCbor('GET', '/trust');

/** Answered with what devices are to trust then. */
export const postTrust = (change: Bytes) => requestCbor('POST', '/trust', { cbor: change });

export const postSignedCommand = (deviceId: string, command: Bytes) =>
  request<Command>('POST', `/devices/${encodeURIComponent(deviceId)}/commands/signed`, { cbor: command });

export const keyRequestsQuery = queryOptions({
  queryKey: keys.keyRequests,
  queryFn: ({ signal }) => api.get<{ items: KeyRequest[] }>('/trust/requests', undefined, signal),
  select: (answer) => answer.items,
});

export const askForPlace = (key: string, role: KeyRequest['role']) => api.post<KeyRequest>('/trust/requests', { key, role });
export const deleteKeyRequest = (id: string) => api.delete(`/trust/requests/${id}`);
