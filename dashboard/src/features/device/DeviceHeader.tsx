import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Device } from '@/api/types';
import { deviceState, platformText, transportText } from '@/features/devices/deviceState';
import { Beacon } from '@/ui/Beacon';
import { Chip } from '@/ui/Chip';
import { formatDuration } from '@/ui/format/unit';
import { Time } from '@/ui/Time';
import css from './DevicePage.module.css';
import { DeviceMenu } from './DeviceMenu';

export function DeviceHeader({ device }: { device: Device }) {
  const { data: session } = useQuery(sessionQuery);
  const state = deviceState(device);
  const platform = platformText(device);
  return (
    <header className={css['head']}>
      <Link to="/devices" className={css['crumb'] ?? ''}>← Devices</Link>
      <div className={css['line']}>
        <Beacon tone={state.tone} label={state.label} />
        <h1 className={css['title']}>{device.name}</h1>
        <Chip tone={state.tone} title={state.detail}>{state.label}</Chip>
        <div className={css['tags']}>{device.tags.map((tag) => <Chip key={tag} tone="tag">{tag}</Chip>)}</div>
        {mayActAs(session?.user.role, 'operator') && device.status !== 'revoked'
          ? <div className={css['actions']}><DeviceMenu device={device} /></div>
          : null}
      </div>
      <div className={css['meta']}>
        {device.hostname ? <span>Host <b>{device.hostname}</b></span> : null}
        {platform ? <span>{platform}</span> : null}
        {device.uptimeSeconds !== null ? <span>Up <b>{formatDuration(device.uptimeSeconds)}</b></span> : null}
        <span>Seen <b><Time value={device.lastSeen} /></b></span>
        {device.transport ? <span>Over <b>{transportText(device.transport)}</b></span> : null}
        {device.agentVersion ? <span>Agent <b>{device.agentVersion}</b></span> : null}
      </div>
    </header>
  );
}
