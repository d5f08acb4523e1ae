import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, apiUrl, request, setCsrfToken, whenSignedOut } from '@/api/client';
import { adviceFor, ProblemError } from '@/api/problem';

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

function answer(response: Response | Error) {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() =>
    (response instanceof Error ? Promise.reject(response) : Promise.resolve(response)));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

const failure = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof ProblemError)) throw new Error('expected a ProblemError');
  return error;
};

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrfToken(null);
});

describe('apiUrl', () => {
  it('emptyValues_AreLeftOut_OthersEscaped', () => {
    expect(apiUrl('/devices', { search: 'a&b', tag: '', cursor: null, limit: 5, online: false })).toBe('/api/v1/devices?search=a%26b&limit=5&online=false');
  });
});

describe('request', () => {
  it('unsafeMethod_CarriesTheToken', async () => {
    const fetched = answer(json({}));
    setCsrfToken('secret');
    await api.post('/x', { a: 1 });
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { 'X-CSRF-Token': 'secret' } });
  });

  it('safeMethod_DoesNot', async () => {
    const fetched = answer(json({}));
    setCsrfToken('secret');
    await api.get('/x');
    expect(fetched.mock.calls[0]?.[1].headers).not.toHaveProperty('X-CSRF-Token');
  });

  it('noContent_IsUndefined', async () => {
    answer(new Response(null, { status: 204 }));
    await expect(api.delete('/x')).resolves.toBeUndefined();
  });

  it('problem_KeepsTitleDetailCodeAndFields', async () => {
    answer(json({ title: 'Not valid', detail: 'Look below.', code: 'invalid', errors: { name: ['Too long.'] } }, 400));
    expect(await failure(api.get('/x'))).toMatchObject({ status: 400, title: 'Not valid', detail: 'Look below.', code: 'invalid', fields: { name: ['Too long.'] } });
  });

  it('errorPageOfAProxy_StillSaysWhatIsKnown', async () => {
    answer(new Response('<html>', { status: 502 }));
    expect(await failure(api.get('/x'))).toMatchObject({ status: 502, title: 'The server has a problem', code: 'http-502' });
  });

  it('noAnswer_IsUnreachable', async () => {
    answer(new TypeError('Failed to fetch'));
    const error = await failure(api.get('/x'));
    expect(error.code).toBe('unreachable');
    expect(adviceFor(error)).toContain('Check that the fleet server runs');
  });

  it('unauthorized_EndsTheSession_UnlessExpected', async () => {
    const ended = vi.fn();
    whenSignedOut(ended);
    answer(json({ title: 'x' }, 401));
    await failure(request('POST', '/session', { expectUnauthorized: true }));
    expect(ended).not.toHaveBeenCalled();
    answer(json({ title: 'x' }, 401));
    await failure(api.get('/devices'));
    expect(ended).toHaveBeenCalledOnce();
  });
});
