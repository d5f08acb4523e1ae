import { Button } from '@mantine/core';
import { useState } from 'react';
import type { CreatedEnrolmentToken, Device } from '@/api/types';
import { deviceState } from '@/features/devices/deviceState';
import { useLiveEvent } from '@/live/useLive';
import { LinkButton } from '@/ui/LinkButton';
import { Beacon } from '@/ui/Beacon';
import { Chip } from '@/ui/Chip';
import { Copyable } from '@/ui/Copyable';
import { Panel } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { ApprovalButtons } from './ApprovalButtons';
import { arrivedSince } from './arrivedSince';
import css from './Enrolment.module.css';

/** Shows the command, then every device that enrols, as it happens. */
export function Arrivals({ token, onAnother }: { token: CreatedEnrolmentToken; onAnother: () => void }) {
  const [devices, setDevices] = useState<Device[]>([]);
  useLiveEvent<Device>('device', (device) => setDevices((known) => arrivedSince(known, device, token.createdAt)));
  return (
    <Panel>
      <ol className={css['steps']}>
        <li>
          <div className={css['step']}>
            <div className={css['stepTitle']}>Run this on the device, as root</div>
            <Copyable text={token.command} label="Enrolment command" />
            <div className="quiet small">
              {token.maxUses === 1 ? 'It works once' : token.maxUses === null ? 'It works for any number of devices' : `It works for ${token.maxUses} devices`}
              {token.expiresAt ? <>, and ends <Time value={token.expiresAt} /></> : null}. It holds a secret and is shown only now: whoever has it can add a device.
            </div>
          </div>
        </li>
        <li>
          <div className={css['step']}>
            <div className={css['stepTitle']}>{devices.length === 0 ? 'Wait for it here' : devices.length === 1 ? 'It arrived' : `${devices.length} devices arrived`}</div>
            {devices.length === 0 ? (
              <div className={css['waiting']} role="status"><span className={css['ripple']} />Waiting. This page notices by itself.</div>
            ) : null}
            {devices.map((device) => <Arrived key={device.id} device={device} />)}
          </div>
        </li>
      </ol>
      <div style={{ marginTop: 22 }}><Button variant="default" onClick={onAnother}>Make another command</Button></div>
    </Panel>
  );
}

function Arrived({ device }: { device: Device }) {
  const state = deviceState(device);
  return (
    <div className={css['arrived']} role="status" data-arrived={device.id}>
      <Beacon tone={state.tone} label={state.label} />
      <strong>{device.name}</strong>
      <Chip tone={state.tone}>{state.label}</Chip>
      <span className="quiet small"><code>{device.id.slice(0, 8)}…</code></span>
      <div>
        {device.status === 'pending'
          ? <ApprovalButtons device={device} />
          : <LinkButton to="/devices/$deviceId" params={{ deviceId: device.id }} size="xs">Open</LinkButton>}
      </div>
    </div>
  );
}
