// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RelayActivity, Role } from '@/api/types';
import { RelayPage } from '@/features/relay/RelayPage';
import { show } from '../../show';
import { activity } from './builders';

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });

/** A server that answers so; gives what was asked of it. */
function server(answer: RelayActivity | Response, role: Role = 'operator') {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    if (url === '/api/v1/session') return Promise.resolve(json({ user: { id: 'me', username: 'mira', role }, csrfToken: 'secret' }));
    return Promise.resolve(url === '/api/v1/relay/activity' ? (answer instanceof Response ? answer : json(answer)) : json({ items: [], next: null, total: 0 }));
  });
  return asked;
}

afterEach(() => { vi.unstubAllGlobals(); });

describe('RelayPage', () => {
  it('withoutUsersAndChannels_SaysWhatToDoNext_AndAsksForNoLists', async () => {
    const asked = server(activity());
    show(<RelayPage />);
    await screen.findByText('No MQTT users');
    screen.getByText(/fleet-server mqtt-user add NAME/);
    screen.getByText('No channels');
    screen.getByText(/Nothing was dropped/);
    expect(asked.filter((url) => /mqtt-connections|channels/.test(url))).toEqual([]);
  });

  it('aViewer_SeesNumbersAndDrops_AndNoSingleConnections', async () => {
    const busy = activity({ mqtt: { total: { notStored: 4 }, recent: { notStored: 4 } } });
    const asked = server({ ...busy, mqtt: busy.mqtt && { ...busy.mqtt, connections: 3, users: 1 } }, 'viewer');
    show(<RelayPage />);
    await screen.findByText('Not stored');
    await screen.findByText('Single connections and channels are for operators and owners');
    expect(asked.filter((url) => url.includes('mqtt-connections'))).toEqual([]);
  });

  it('elsewhere_SaysWhereAndWhereTheRestIs', async () => {
    server(activity({}, { elsewhere: { address: 'mqtts://there:8883/', metrics: 'Start it with --metrics-port PORT.' }, mqtt: null, channels: null, legacy: null }));
    show(<RelayPage />);
    await screen.findByText('The relay is another process, at mqtts://there:8883/');
    screen.getByText(/--metrics-port PORT/);
    expect(screen.queryByText(/switched off/)).toBeNull();
  });

  it('switchedOff_SaysHowToSwitchItOn', async () => {
    server(activity({}, { mqtt: null, channels: null, legacy: null }));
    show(<RelayPage />);
    await screen.findByText('MQTT users are switched off');
    await screen.findByText('Channels are switched off');
    screen.getByText('channels = on');
  });

  it('whatIsBroken_ComesFirst_WithWhatToDo', async () => {
    const broken = activity();
    server({ ...broken, fleet: { ...broken.fleet, state: 'disconnected', lastError: 'Connection refused' }, channels: broken.channels && { ...broken.channels, isFaulty: true } });
    show(<RelayPage />);
    const alerts = await screen.findAllByRole('alert');
    expect(alerts.map((alert) => alert.textContent)).toEqual([
      expect.stringMatching(/link to the relay is disconnected.*Connection refused.*see that the relay runs/) as string,
      expect.stringMatching(/Channels cannot be stored.*make room/) as string,
    ]);
  });

  it('anErrorOfTheServer_CanBeTriedAgain', async () => {
    server(json({ title: 'Service Unavailable', status: 503, code: 'x' }, 503));
    show(<RelayPage />);
    await screen.findByText('Service Unavailable');
    screen.getByRole('button', { name: 'Try again' });
  });
});
