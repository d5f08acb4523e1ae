import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { keys } from './keys';
import type {
  ApiToken, AuditEntry, AuditFilter, AuditFinding, AuditState, CreatedApiToken, CreatedEnrolmentToken, EnrolmentToken, NewEnrolmentToken, Operator, Page, RejectionTotal, Role, StatusDocument,
} from './types';

export const enrolmentTokensQuery = queryOptions({
  queryKey: keys.enrolmentTokens,
  queryFn: ({ signal }) => api.get<{ items: EnrolmentToken[] }>('/enrolment-tokens', undefined, signal),
  select: (answer) => answer.items,
});

export const createEnrolmentToken = (token: NewEnrolmentToken) => api.post<CreatedEnrolmentToken>('/enrolment-tokens', token);
export const deleteEnrolmentToken = (id: string) => api.delete(`/enrolment-tokens/${id}`);

export const operatorsQuery = queryOptions({
  queryKey: keys.operators,
  queryFn: ({ signal }) => api.get<{ items: Operator[] }>('/operators', undefined, signal),
  select: (answer) => answer.items,
});

export const createOperator = (operator: { username: string; password: string; role: Role }) =>
  api.post<Operator>('/operators', operator);
export const updateOperator = (id: string, change: { role?: Role; disabled?: boolean }) =>
  api.patch<Operator>(`/operators/${id}`, change);
export const deleteOperator = (id: string) => api.delete(`/operators/${id}`);
/** Everybody proves their own with the current one; owners set those of others without. */
export const setPassword = (id: string, password: string, currentPassword?: string) =>
  api.post<undefined>(`/operators/${id}/password`, { password, ...(currentPassword === undefined ? {} : { currentPassword }) });

export const apiTokensQuery = queryOptions({
  queryKey: keys.apiTokens,
  queryFn: ({ signal }) => api.get<{ items: ApiToken[] }>('/api-tokens', undefined, signal),
  select: (answer) => answer.items,
});

export const createApiToken = (token: { name: string; role: Role; expiresIn: number | null }) =>
  api.post<CreatedApiToken>('/api-tokens', token);
export const deleteApiToken = (id: string) => api.delete(`/api-tokens/${id}`);

export const auditQuery = (filter: AuditFilter) => infiniteQueryOptions({
  queryKey: keys.auditEntries(filter),
  queryFn: ({ pageParam, signal }) => api.get<Page<AuditEntry>>('/audit', { limit: 100, before: pageParam, ...filter }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  staleTime: Infinity,
});

export const auditStateQuery = queryOptions({
  queryKey: keys.auditState,
  queryFn: ({ signal }) => api.get<AuditState>('/audit/state', undefined, signal),
});

export const auditFindingsQuery = queryOptions({
  queryKey: keys.auditFindings,
  queryFn: ({ signal }) => api.get<{ items: AuditFinding[] }>('/audit/findings', { limit: 200 }, signal),
  select: (answer) => answer.items,
});

export const verifyAudit = () => api.post<AuditState>('/audit/verify', {});
export const acknowledgeFinding = (id: string) => api.post<AuditFinding>(`/audit/findings/${id}/acknowledge`, {});

export const rejectionsQuery = queryOptions({
  queryKey: keys.rejections,
  queryFn: ({ signal }) => api.get<{ items: RejectionTotal[] }>('/rejections', undefined, signal),
  select: (answer) => answer.items,
});

export const relayQuery = queryOptions({
  queryKey: keys.relay,
  queryFn: ({ signal }) => api.get<StatusDocument>('/relay', undefined, signal),
});

export const systemQuery = queryOptions({
  queryKey: keys.system,
  queryFn: ({ signal }) => api.get<StatusDocument>('/system', undefined, signal),
});
