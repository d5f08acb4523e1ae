import { ProblemError } from './problem';

const base = '/api/v1';
const cborType = 'application/cbor';
const safeMethods = new Set(['GET', 'HEAD']);

let csrfToken: string | null = null;
let onSignedOut: (() => void) | null = null;

/** The token that unsafe requests carry; it comes with the session. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when an answer says that the session has ended. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function signedOut(): void {
  csrfToken = null;
  onSignedOut?.();
}

export type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  query?: Query;
  body?: unknown;
  /** What owners and operators have signed goes as it is. */
  cbor?: Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
  cache?: RequestCache;
  /** The session's own requests expect 401 and handle it themselves. */
  expectUnauthorized?: boolean;
}

export function apiUrl(path: string, query?: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return base + path + (text === '' ? '' : `?${text}`);
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/cbor' };
  const body = options.cbor ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined) headers['Content-Type'] = options.cbor ? cborType : 'application/json';
  if (!safeMethods.has(method) && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(options.cache ? { cache: options.cache } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw ProblemError.unreachable();
  }
  if (response.ok) return response;
  const problem = await ProblemError.fromResponse(response);
  if (response.status === 401 && options.expectUnauthorized !== true) signedOut();
  throw problem;
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
  return (await response.json()) as T;
}

/** An answer in CBOR, and when the server gave it (Unix milliseconds; null when it does not say). */
export async function requestCbor(method: string, path: string, options: Options = {}): Promise<{ bytes: Uint8Array<ArrayBuffer>; serverTime: number | null }> {
  const response = await send(method, path, options);
  const date = Date.parse(response.headers.get('Date') ?? '');
  return { bytes: new Uint8Array(await response.arrayBuffer()), serverTime: Number.isNaN(date) ? null : date };
}

/** The bytes of a file as the server has it now, whatever the browser keeps; null when there is none. */
export async function findBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await (await send('GET', path, { cache: 'no-store' })).arrayBuffer());
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null;
    throw error;
  }
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  post: <T>(path: string, body?: unknown) => request<T>('POST', path, body === undefined ? {} : { body }),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  delete: (path: string) => request<undefined>('DELETE', path),
};
