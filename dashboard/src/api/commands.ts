import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Bytes } from '@/trust/protocol/bytes';
import { api, request, requestCbor } from './client';
import { keys } from './keys';
import type { CommandSet, CommandSetMember, CommandState, NewCommand, Page, Proposal } from './types';

const membersPerPage = 200;

export const commandSetsQuery = queryOptions({
  queryKey: keys.commandSets,
  queryFn: ({ signal }) => api.get<{ items: CommandSet[] }>('/commands/sets', undefined, signal),
  select: (answer) => answer.items,
  staleTime: Infinity,
});

export const commandSetQuery = (id: string) => queryOptions({
  queryKey: keys.commandSet(id),
  queryFn: ({ signal }) => api.get<CommandSet>(`/commands/sets/${encodeURIComponent(id)}`, undefined, signal),
  staleTime: Infinity,
});

/** `states`: only devices in one of them; none: all. */
export const commandSetMembersQuery = (id: string, states: readonly CommandState[]) => infiniteQueryOptions({
  queryKey: [...keys.commandSet(id), 'devices', states],
  queryFn: ({ pageParam, signal }) => api.get<Page<CommandSetMember>>(
    `/commands/sets/${encodeURIComponent(id)}/devices`, { state: states.join(','), limit: membersPerPage, cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: Infinity,
});

export const sendToMany = (devices: readonly string[], command: NewCommand) => api.post<CommandSet>('/commands/sets', { devices, ...command });
export const postSignedSet = (order: Bytes) => request<CommandSet>('POST', '/commands/sets/signed', { cbor: order });
export const cancelSet = (id: string) => api.delete(`/commands/sets/${encodeURIComponent(id)}`);

export const proposalsQuery = queryOptions({
  queryKey: keys.proposals,
  queryFn: ({ signal }) => api.get<{ items: Proposal[] }>('/commands/proposals', undefined, signal),
  select: (answer) => answer.items,
  staleTime: 60_000,
});

/** What is to be signed, byte by byte. */
export const proposalOrder = async (id: string) => (await requestCbor('GET', `/commands/proposals/${encodeURIComponent(id)}/order`)).bytes;
export const postProposal = (order: Bytes) => request<Proposal>('POST', '/commands/proposals', { cbor: order });
export const postSignature = (id: string, command: Bytes) =>
  request<Proposal>('POST', `/commands/proposals/${encodeURIComponent(id)}/signatures`, { cbor: command });
export const withdrawProposal = (id: string) => api.delete(`/commands/proposals/${encodeURIComponent(id)}`);
