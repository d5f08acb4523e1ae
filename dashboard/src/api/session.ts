import { queryOptions } from '@tanstack/react-query';
import { api, request, setCsrfToken } from './client';
import { keys } from './keys';
import { ProblemError } from './problem';
import type { Role, Session } from './types';

async function readSession(): Promise<Session | null> {
  try {
    const session = await request<Session>('GET', '/session', { expectUnauthorized: true });
    setCsrfToken(session.csrfToken);
    return session;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null;
    throw error;
  }
}

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({ queryKey: keys.session, queryFn: readSession, staleTime: Infinity });

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: () => api.get<{ required: boolean }>('/setup'),
  staleTime: Infinity,
});

async function start(path: string, body: unknown): Promise<Session> {
  const session = await request<Session>('POST', path, { body, expectUnauthorized: true });
  setCsrfToken(session.csrfToken);
  return session;
}

export const signIn = (username: string, password: string) => start('/session', { username, password });

export const setUp = (setupToken: string, username: string, password: string) =>
  start('/setup', { setupToken, username, password });

export async function signOut(): Promise<void> {
  await request<undefined>('DELETE', '/session', { expectUnauthorized: true });
  setCsrfToken(null);
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 };

export function mayActAs(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && ranks[role] >= ranks[needed];
}
