import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type { Component, ComponentCount, Page, Release, Repository, Update, UpdateTotals } from './types';

const updatesPerPage = 100;

export interface UpdateFilter {
  /** Words by commas; empty: all. */
  state?: string | undefined;
  overdue?: boolean | undefined;
  set?: string | undefined;
}

export const updatesQuery = (filter: UpdateFilter) => infiniteQueryOptions({
  queryKey: keys.updateList(filter),
  queryFn: ({ pageParam, signal }) => api.get<Page<Update>>('/updates', { ...filter, limit: updatesPerPage, before: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  // An event says when something is another; a deadline passes without one.
  staleTime: 60_000,
  refetchInterval: 60_000,
});

export const updateTotalsQuery = queryOptions({
  queryKey: keys.updateTotals,
  queryFn: ({ signal }) => api.get<UpdateTotals>('/updates/totals', undefined, signal),
  refetchInterval: 60_000,
});

export const componentCountsQuery = queryOptions({
  queryKey: keys.componentCounts,
  queryFn: ({ signal }) => api.get<{ items: ComponentCount[] }>('/components', undefined, signal),
  select: (answer) => answer.items,
});

export const deviceUpdatesQuery = (id: string) => queryOptions({
  queryKey: keys.deviceUpdates(id),
  queryFn: ({ signal }) => api.get<{ items: Update[] }>(`/devices/${encodeURIComponent(id)}/updates`, undefined, signal),
  select: (answer) => answer.items,
  staleTime: 60_000,
  refetchInterval: 60_000,
});

export const componentsQuery = (id: string) => queryOptions({
  queryKey: keys.components(id),
  queryFn: ({ signal }) => api.get<{ items: Component[] }>(`/devices/${encodeURIComponent(id)}/components`, undefined, signal),
  select: (answer) => answer.items,
  staleTime: Infinity,
});

export const repositoryQuery = queryOptions({
  queryKey: keys.repository,
  queryFn: ({ signal }) => api.get<Repository>('/repository', undefined, signal),
});

export const releasesQuery = queryOptions({
  queryKey: keys.releases,
  queryFn: ({ signal }) => api.get<{ items: Release[] }>('/repository/releases', undefined, signal),
  select: (answer) => answer.items,
});

/** The key of an encrypted release, in base64: read when it is assigned, and kept nowhere. */
export const readReleaseKey = async (targetSha256: string) => (await api.get<{ key: string }>(`/repository/keys/${encodeURIComponent(targetSha256)}`)).key;
