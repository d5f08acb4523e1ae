import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/api/problem';

/** What the server refused it refuses again; only a lost connection or a failing server is worth a second try. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ProblemError && (error.status === 0 || error.status >= 502);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // News come over the event stream, so focus is no reason to ask again.
      queries: { retry: worthRetrying, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: { retry: false },
    },
  });
}
