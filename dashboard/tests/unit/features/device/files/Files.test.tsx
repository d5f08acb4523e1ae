// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceFile } from '@/api/types';
import { Files } from '@/features/device/files/FilesTab';
import { file } from '../../../builders';
import { show } from '../../../show';

function serve(items: DeviceFile[]) {
  const requests: string[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    requests.push(`${init.method ?? 'GET'} ${url}`);
    return Promise.resolve(init.method === 'DELETE'
      ? new Response(null, { status: 204 })
      : new Response(JSON.stringify({ items, next: null }), { headers: { 'Content-Type': 'application/json' } }));
  });
  return requests;
}

afterEach(() => { vi.unstubAllGlobals(); });

describe('Files', () => {
  it('says how a program sends one when there are none', async () => {
    serve([]);
    show(<Files deviceId="d" mayDelete />);
    expect(await screen.findByText('No files yet')).toBeTruthy();
    expect(screen.getByLabelText('How a program sends a file').textContent).toContain('/srv/drop/files/');
  });

  it('shows progress, and a download only of what is complete', async () => {
    serve([file({ id: 'a', name: 'whole.bin' }), file({ id: 'b', name: 'half.bin', state: 'receiving', size: 100, receivedBytes: 42 })]);
    show(<Files deviceId="d" mayDelete={false} />);
    expect((await screen.findByRole('link', { name: 'Download whole.bin' })).getAttribute('href')).toBe('/api/v1/devices/d/files/a/content');
    expect(screen.queryByRole('link', { name: 'Download half.bin' })).toBeNull();
    expect(screen.getByText('Receiving 42 %')).toBeTruthy();
    expect(screen.getByRole<HTMLProgressElement>('progressbar', { name: 'half.bin: received' }).value).toBe(42);
    expect(screen.queryByRole('button', { name: /Delete/ })).toBeNull();
  });

  it('deletes one after it was confirmed', async () => {
    const requests = serve([file({ id: 'a', name: 'whole.bin' })]);
    show(<Files deviceId="d" mayDelete />);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete whole.bin' }));
    expect(requests).toEqual(['GET /api/v1/devices/d/files?limit=50']);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete it' }));
    await waitFor(() => { expect(screen.getByText('No files yet')).toBeTruthy(); });
    expect(requests[1]).toBe('DELETE /api/v1/devices/d/files/a');
  });
});
