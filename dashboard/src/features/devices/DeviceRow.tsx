import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Device } from '@/api/types';
import { Beacon } from '@/ui/Beacon';
import { Chip } from '@/ui/Chip';
import { Meter } from '@/ui/Meter';
import { Time } from '@/ui/Time';
import css from './DeviceTable.module.css';
import { deviceState, platformText } from './deviceState';

interface Props {
  device: Device;
  index: number;
  top: number;
  now: number;
  /** null: nobody may choose. */
  chosen: boolean | null;
  onChoose: (device: Device) => void;
}

export const DeviceRow = memo(function DeviceRow({ device, index, top, now, chosen, onChoose }: Props) {
  const state = deviceState(device);
  const shown = device.tags.slice(0, 3);
  return (
    <div className={`${css['columns'] ?? ''} ${css['row'] ?? ''}`} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }}>
      <div className={`${css['name'] ?? ''} ${css['nameCell'] ?? ''}`} role="cell">
        {chosen === null ? null : <Checkbox size="xs" aria-label={`Choose ${device.name}`} checked={chosen} onChange={() => onChoose(device)} />}
        <Beacon tone={state.tone} label={state.label} />
        <div className={css['texts']}>
          <div className={css['clip']}>
            <Link to="/devices/$deviceId" params={{ deviceId: device.id }} className={css['link'] ?? ''}>{device.name}</Link>
          </div>
          <div className={`${css['clip'] ?? ''} ${css['sub'] ?? ''}`}>
            {device.status === 'active' ? platformText(device) || device.hostname : state.label}
          </div>
        </div>
      </div>
      <div className={`${css['tags'] ?? ''} ${css['tagsCell'] ?? ''}`} role="cell">
        {shown.map((tag) => <Chip key={tag} tone="tag">{tag}</Chip>)}
        {device.tags.length > shown.length ? <Chip title={device.tags.join(', ')}>+{device.tags.length - shown.length}</Chip> : null}
      </div>
      <div className={css['meterCell']} role="cell" data-short="CPU">
        <Meter label={`CPU of ${device.name}`} value={device.latest?.['system.cpu.utilization']} />
      </div>
      <div className={css['meterCell']} role="cell" data-short="Mem">
        <Meter label={`Memory of ${device.name}`} value={device.latest?.['system.memory.utilization']} />
      </div>
      <div className={`${css['seen'] ?? ''} ${css['seenCell'] ?? ''}`} role="cell"><Time value={device.lastSeen} now={now} /></div>
    </div>
  );
});
