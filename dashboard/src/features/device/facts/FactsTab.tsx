import type { ReactNode } from 'react';
import { Facts } from '@/ui/Facts';
import { formatDuration } from '@/ui/format/unit';
import { Panel } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { useDevice } from '../deviceContext';

const list = (values: readonly string[]) => (values.length === 0 ? <span className="quiet">none</span> : values.join(', '));

export function FactsTab() {
  const device = useDevice();
  const identity: [string, ReactNode][] = [
    ['Id', <code key="id">{device.id}</code>],
    ['Enrolled', <Time key="enrolled" value={device.enrolledAt} />],
    ['Host name', device.hostname ?? '–'],
    ['Model', device.model ?? '–'],
    ['Operating system', device.os ?? '–'],
    ['Architecture', device.architecture ?? '–'],
    ['Agent', device.agentVersion ?? '–'],
  ];
  const configuration: [string, ReactNode][] = [
    ['Commands allowed', list(device.allowedCommands)],
    ['Scripts allowed', list(device.scripts)],
    ['Units allowed', list(device.units)],
    ...Object.entries(device.intervals).sort().map(([name, ms]): [string, ReactNode] => [`Interval: ${name}`, formatDuration(ms / 1000)]),
  ];
  const facts = Object.entries(device.facts).sort(([a], [b]) => a.localeCompare(b));
  return (
    <>
      <Panel title="Device" padded={false}><Facts rows={identity} /></Panel>
      <Panel title="Its configuration, as it reports it" padded={false}><Facts rows={configuration} /></Panel>
      {facts.length > 0 ? <Panel title="Facts" padded={false}><Facts rows={facts} /></Panel> : null}
    </>
  );
}
