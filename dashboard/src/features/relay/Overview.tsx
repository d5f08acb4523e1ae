import type { ChannelsActivity, FleetActivity, MqttActivity, RelayActivity } from '@/api/types';
import { formatBytes } from '@/ui/format/unit';
import { Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { perSecond } from './drops';
import { countText, Numbers, rateText } from './Numbers';

/** How much there is of everything, and how fast it goes. */
export function Overview({ activity }: { activity: RelayActivity }) {
  const { recentSeconds: seconds, fleet, mqtt, channels, legacy } = activity;
  return (
    <>
      <Health activity={activity} />
      <Panel title="Devices" padded={false}><FleetNumbers fleet={fleet} seconds={seconds} /></Panel>
      {mqtt ? <Panel title="MQTT users" padded={false}><MqttNumbers mqtt={mqtt} /></Panel> : null}
      {channels ? <Panel title="Channels" padded={false}><ChannelNumbers channels={channels} seconds={seconds} /></Panel> : null}
      {legacy && legacy.sessions > 0 ? (
        <Notice title={`${countText(legacy.sessions)} ${legacy.sessions === 1 ? 'agent uses' : 'agents use'} the legacy profile`}>
          Its encryption is weak. When all agents are replaced, switch it off: <code>legacy = off</code> in the server’s settings.
        </Notice>
      ) : null}
    </>
  );
}

function Health({ activity }: { activity: RelayActivity }) {
  const { elsewhere, fleet, mqtt, channels } = activity;
  return (
    <>
      {fleet.state === 'ready' ? null : (
        <Notice tone="bad" title={`The server’s link to the relay is ${fleet.state}: devices reach nothing`}>
          {fleet.lastError ? <div>{fleet.lastError}</div> : null}
          <div className="quiet small">It is tried again every few seconds. If it stays: see that the relay runs, that its address is right, and the server’s log.</div>
        </Notice>
      )}
      {mqtt?.isFaulty === true || channels?.isFaulty === true ? (
        <Notice tone="bad" title={`${[mqtt?.isFaulty ? 'MQTT sessions' : '', channels?.isFaulty ? 'Channels' : ''].filter(Boolean).join(' and ')} cannot be stored`}>
          The disk of the data folder is full, or failed. What comes is refused until it can be written again; make room, and see the server’s log.
        </Notice>
      ) : null}
      {elsewhere ? (
        <Notice title={`The relay is another process, at ${elsewhere.address}`}>
          <div>Here is what it tells this server of devices. {elsewhere.metrics}</div>
        </Notice>
      ) : null}
    </>
  );
}

function FleetNumbers({ fleet, seconds }: { fleet: FleetActivity; seconds: number }) {
  const transports = Object.entries(fleet.transports).sort(([, a], [, b]) => b - a).map(([name, count]) => `${countText(count)} ${name}`).join(', ');
  const rate = (name: string) => perSecond(fleet.counters, name, seconds);
  const bytes = (name: string) => { const value = rate(name); return value === null ? '' : `${formatBytes(value)}/s`; };
  return (
    <Numbers
      rows={[
        { label: 'connected', value: countText(fleet.devices), sub: transports },
        { label: 'known to the relay', value: countText(fleet.principals) },
        { label: 'not signed in yet', value: countText(fleet.unauthenticated) },
        { label: 'messages from devices', value: rateText(rate('messagesUp')), sub: bytes('bytesUp') },
        { label: 'messages to devices', value: rateText(rate('messagesDown')), sub: bytes('bytesDown') },
        { label: 'new connections', value: rateText(rate('connectionsAccepted')) },
      ]}
    />
  );
}

function MqttNumbers({ mqtt }: { mqtt: MqttActivity }) {
  return (
    <Numbers
      rows={[
        { label: 'connections', value: countText(mqtt.connections), sub: `of ${countText(mqtt.maxConnections)}; ${countText(mqtt.users)} ${mqtt.users === 1 ? 'user' : 'users'}` },
        { label: 'sessions kept', value: countText(mqtt.keptSessions), sub: 'of clients that are away' },
        { label: 'messages published', value: rateText(mqtt.receivedPerSecond) },
        { label: 'messages delivered', value: rateText(mqtt.sentPerSecond) },
        { label: 'held for sessions', value: formatBytes(mqtt.heldBytes), sub: `of ${formatBytes(mqtt.maxHeldBytes)}` },
        { label: 'retained messages', value: countText(mqtt.retained) },
      ]}
    />
  );
}

function ChannelNumbers({ channels, seconds }: { channels: ChannelsActivity; seconds: number }) {
  const rate = (name: string) => perSecond(channels.counters, name, seconds);
  const bytes = rate('bytes');
  return (
    <Numbers
      rows={[
        { label: 'channels', value: countText(channels.count), sub: `of ${countText(channels.maxCount)}` },
        { label: 'kept', value: formatBytes(channels.bytes), sub: `of ${formatBytes(channels.maxBytes)}` },
        { label: 'followers', value: countText(channels.followers) },
        { label: 'connections by MQTT', value: countText(channels.mqttConnections) },
        { label: 'records', value: rateText(rate('records')), sub: bytes === null ? '' : `${formatBytes(bytes)}/s` },
        { label: 'writes to the disk', value: rateText(rate('commits')) },
      ]}
    />
  );
}
