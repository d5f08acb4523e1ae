import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Device } from '@/api/types';
import { CommandForm } from './CommandForm';
import css from './Commands.module.css';

export function IntervalsForm({ device, onSent }: { device: Device; onSent: () => void }) {
  const [seconds, setSeconds] = useState<Record<string, number | string>>(() =>
    Object.fromEntries(Object.entries(device.intervals).map(([name, ms]) => [name, ms / 1000])));
  const changed = Object.fromEntries(Object.entries(seconds)
    .map(([name, value]): [string, number] => [name, Math.round(Number(value) * 1000)])
    .filter(([name, ms]) => ms > 0 && ms !== device.intervals[name]));
  return (
    <CommandForm
      deviceId={device.id} label="Set intervals" onSent={onSent}
      command={Object.keys(changed).length === 0 ? null : { type: 'set-intervals', args: { intervals: changed } }}
    >
      {Object.keys(device.intervals).sort().map((name) => (
        <div key={name} className={css['interval']}>
          <span>{name}</span>
          <NumberInput
            size="xs" aria-label={`${name}, seconds`} suffix=" s" min={0.1} max={86_400} decimalScale={3} value={seconds[name] ?? ''}
            onChange={(value) => setSeconds((old) => ({ ...old, [name]: value }))}
          />
        </div>
      ))}
    </CommandForm>
  );
}
