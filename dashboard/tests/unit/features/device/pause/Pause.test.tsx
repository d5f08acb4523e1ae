// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PauseDialog } from '@/features/device/pause/PauseDialog';
import { PauseNotice } from '@/features/device/pause/PauseNotice';
import { device } from '../../../builders';
import { show } from '../../../show';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

function serve(role: string) {
  const requests: string[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const method = init.method ?? 'GET';
    if (method !== 'GET') requests.push(`${method} ${url} ${typeof init.body === 'string' ? init.body : ''}`.trim());
    if (method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }));
    const body = url.endsWith('/session') ? { user: { name: 'mira', role } } : { until: inHours(1), by: 'operator' };
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }));
  });
  return requests;
}

afterEach(() => { vi.unstubAllGlobals(); });

describe('PauseNotice', () => {
  it('says until when and by whom, and lets an operator end it', async () => {
    const requests = serve('operator');
    show(<PauseNotice device={device({ pause: { until: inHours(2.5), by: 'operator' } })} />);
    expect(screen.getByText('in 2 h')).toBeTruthy();
    await userEvent.click(await screen.findByRole('button', { name: 'Let them come' }));
    await waitFor(() => { expect(requests).toEqual(['DELETE /api/v1/devices/d/pause']); });
  });

  it('offers a viewer nothing, nor anybody to end what the server needs', async () => {
    serve('viewer');
    show(<PauseNotice device={device({ pause: { until: inHours(1), by: 'operator' } })} />);
    expect(await screen.findByText(/An operator asked/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('is silent without one, and after its end', () => {
    serve('operator');
    show(<PauseNotice device={device()} />);
    show(<PauseNotice device={device({ pause: { until: inHours(-1), by: 'operator' } })} />);
    expect(screen.queryByText('Metrics and logs are held back')).toBeNull();
  });
});

describe('PauseDialog', () => {
  it('asks for the time that was chosen', async () => {
    const requests = serve('operator');
    const closed = vi.fn();
    show(<PauseDialog device={device({ name: 'pump' })} onClose={closed} />);
    await userEvent.click(await screen.findByRole('radio', { name: '6 hours' }));
    await userEvent.click(screen.getByRole('button', { name: 'Hold them back' }));
    await waitFor(() => { expect(closed).toHaveBeenCalled(); });
    expect(requests).toEqual(['PUT /api/v1/devices/d/pause {"seconds":21600}']);
  });
});
